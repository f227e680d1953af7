using LeadSync.Gateway;
using LeadSync.Gateway.Zoho;
using LeadSync.ServiceDefaults;
using Microsoft.Extensions.Configuration;

namespace LeadSync.UnitTests.Gateway;

public sealed class GatewayOptionsTests
{
    [Theory]
    [InlineData("https://sync.test", "", "https://sync.test/zoho/notifications?k=s")]
    [InlineData("https://sync.test/", "", "https://sync.test/zoho/notifications?k=s")]
    [InlineData("https://sync.test:8443/hooks/", "/hooks", "https://sync.test:8443/hooks/zoho/notifications?k=s")]
    public void zoho_gets_addresses_below_the_public_one(string publicUrl, string pathBase, string notifyUrl)
    {
        var options = GatewayOptions.From(Settings(("Gateway:PublicUrl", publicUrl)), "s");

        options.NotifyUrl.ShouldBe(notifyUrl);
        options.PathBase.Value.ShouldBe(pathBase);
    }

    [Theory]
    [InlineData("", "Gateway__PublicUrl is missing")]
    [InlineData("sync.test", "Gateway__PublicUrl is not an http or https address")]
    public void an_invalid_public_address_is_refused_in_a_sentence(string publicUrl, string sentence) =>
        Should.Throw<SettingsException>(() =>
            GatewayOptions.From(Settings(("Gateway:PublicUrl", publicUrl)), "s")).Message.ShouldStartWith(sentence);

    [Fact]
    public void a_public_address_that_zoho_would_refuse_is_refused_first() =>
        Should.Throw<SettingsException>(() =>
            GatewayOptions.From(Settings(("Gateway:PublicUrl", "https://sync.test/" + new string('x', 230))), "s"))
            .Message.ShouldContain("255");

    [Theory]
    [InlineData("ClientId")]
    [InlineData("ClientSecret")]
    [InlineData("RefreshToken")]
    public void a_missing_credential_is_named(string missing)
    {
        var given = new[] { "ClientId", "ClientSecret", "RefreshToken" }.Except([missing]).Select(name => ($"Zoho:{name}", "value"));

        Should.Throw<SettingsException>(() =>
            ZohoOptions.From(Settings([.. given]))).Message.ShouldStartWith($"Zoho__{missing} is missing");
    }

    [Fact]
    public void other_credentials_give_other_keys()
    {
        var options = FakeZoho.Options;
        var other = new ZohoOptions
        {
            AccountsUrl = options.AccountsUrl, ClientId = options.ClientId, ClientSecret = "other", RefreshToken = options.RefreshToken
        };

        options.DeriveKey("callback").ShouldNotBe(other.DeriveKey("callback"));
        options.DeriveKey("callback").ShouldNotBe(options.DeriveKey("access token"));
        options.DeriveKey("callback").ShouldBe(options.DeriveKey("callback"));
    }

    private static Settings Settings(params (string Key, string Value)[] values) =>
        new(
            new ConfigurationBuilder()
                .AddInMemoryCollection(values.Select(value => new KeyValuePair<string, string?>(value.Key, value.Value))).Build());
}
