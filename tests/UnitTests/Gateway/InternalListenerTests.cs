using LeadSync.Gateway;
using LeadSync.ServiceDefaults;
using Microsoft.Extensions.Configuration;

namespace LeadSync.UnitTests.Gateway;

public sealed class InternalListenerTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("http://+:8081", "8081")]
    [InlineData(" http://127.0.0.1:8081 ; http://[::1]:8082 ", "8081,8082")]
    public void the_addresses_are_read_as_those_of_aspnetcore_urls(string urls, string ports) =>
        string.Join(',', InternalListener.Urls(Settings(urls)).Select(url => url.Port)).ShouldBe(ports);

    [Theory]
    [InlineData("8081")]
    [InlineData("+:8081")]
    [InlineData("https://+:8081")]
    [InlineData("http://+:0")]
    [InlineData("http://+:8081/inside")]
    public void an_invalid_address_to_listen_on_is_refused_with_a_sentence(string urls) =>
        Should.Throw<SettingsException>(() => InternalListener.Urls(Settings(urls))).Message
            .ShouldBe(
                "Gateway__InternalUrls is not a list of http addresses to listen on: write one, for example "
                    + "Gateway__InternalUrls=http://+:8081");

    private static Settings Settings(string urls) =>
        new(new ConfigurationBuilder().AddInMemoryCollection([new("Gateway:InternalUrls", urls)]).Build());
}
