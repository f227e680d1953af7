using LeadSync.Scheduler.Alerts;
using LeadSync.ServiceDefaults;
using Microsoft.Extensions.Configuration;

namespace LeadSync.UnitTests.Scheduler.Alerts;

public sealed class AlertOptionsTests
{
    [Theory]
    [InlineData("smtp.example.org", "smtp.example.org", 587)]
    [InlineData("smtp.example.org:25", "smtp.example.org", 25)]
    [InlineData("10.1.2.3:2525", "10.1.2.3", 2525)]
    [InlineData("[2001:db8::25]:465", "2001:db8::25", 465)]
    [InlineData("[2001:db8::25]", "2001:db8::25", 587)]
    public void a_mail_server_is_a_name_or_an_address_with_or_without_a_port(string server, string host, int port)
    {
        var mail = Read(server).Mail!;

        (mail.Host, mail.Port).ShouldBe((host, port));
    }

    [Theory]
    [InlineData("smtp.example.org:submission")]
    [InlineData("smtp://smtp.example.org:25")]
    [InlineData("2001:db8::25")]
    [InlineData("smtp.example.org/path")]
    public void anything_else_is_refused_with_an_example(string server) =>
        Should.Throw<SettingsException>(() => Read(server)).Message.ShouldContain("Alerts__Mail__Server=smtp.example.org:587");

    private static AlertOptions Read(string server) => AlertOptions.From(new Settings(new ConfigurationBuilder().AddInMemoryCollection(
        new Dictionary<string, string?>
        {
            ["Alerts:Mail:Server"] = server, ["Alerts:Mail:From"] = "leadsync@example.org", ["Alerts:Mail:To"] = "oncall@example.org",
        }).Build()));
}
