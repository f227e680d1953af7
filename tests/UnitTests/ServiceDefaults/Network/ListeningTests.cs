using System.Net;
using System.Net.Sockets;
using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Network;
using Microsoft.Extensions.Configuration;

namespace LeadSync.UnitTests.ServiceDefaults.Network;

/// <summary>A service says in one sentence why it cannot listen, before it changes anything.</summary>
public sealed class ListeningTests
{
    [Theory]
    [InlineData("garbage")]
    [InlineData("https://+:8080")]
    [InlineData("ftp://localhost:8080")]
    [InlineData("http://localhost:99999")]
    [InlineData("http://localhost:-1")]
    [InlineData("http://localhost:0")]
    [InlineData("http://+:port")]
    [InlineData("http://+:8080/inside")]
    [InlineData("http://+:8080;garbage")]
    [InlineData(";")]
    public async Task a_malformed_address_is_refused_with_a_sentence(string urls)
    {
        Should.Throw<SettingsException>(() => Urls(("ASPNETCORE_URLS", urls))).Message.ShouldBe(
            "ASPNETCORE_URLS is not a list of http addresses to listen on: write one, for example ASPNETCORE_URLS=http://+:8080");

        (await Run("--urls", urls)).ExitCode.ShouldBe(2);
    }

    [Theory]
    [InlineData("http://+:8080", "http://+:8080")]
    [InlineData(" http://127.0.0.1:0 ; http://[::1]:8082/;", "http://127.0.0.1:0 http://[::1]:8082/")]
    [InlineData("http://unix:/run/LeadSync.sock", "http://unix:/run/LeadSync.sock")]
    [InlineData(" ", "http://localhost:8082")]
    public void addresses_are_read_as_aspnet_core_reads_them(string urls, string expected) =>
        Urls(("urls", urls)).ShouldBe(expected.Split(' '));

    [Fact]
    public void the_environment_comes_before_the_file_and_addresses_before_ports()
    {
        Urls(("urls", "http://+:1"), ("ASPNETCORE_URLS", "http://+:2")).ShouldBe(["http://+:1"]);
        Urls(("ASPNETCORE_URLS", "http://+:2"), ("http_ports", "3")).ShouldBe(["http://+:2"]);
        Urls(("http_ports", "3;4")).ShouldBe(["http://*:3", "http://*:4"]);
        Should.Throw<SettingsException>(() => Urls(("http_ports", "many"))).Message.ShouldStartWith("ASPNETCORE_HTTP_PORTS is ");
    }

    [Fact]
    public async Task a_malformed_appsettings_json_is_named_with_its_line_and_without_its_content()
    {
        var directory = Directory.CreateTempSubdirectory("leadsync-");
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(directory.FullName, "appsettings.json"), "{\n  \"Zoho\": { \"ClientSecret\": secret }\n}",
                TestContext.Current.CancellationToken);

            var (exitCode, said) = await Run("--contentRoot", directory.FullName);

            exitCode.ShouldBe(2);
            said.ShouldContain($"'{directory.FullName}/appsettings.json' at line 2: write JSON ");
            said.ShouldNotContain("secret");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task a_port_that_another_program_listens_on_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var (exitCode, said) = await Run(
            "--urls", $"http://{other.LocalEndpoint}", "--ConnectionStrings:Postgres", "Host=127.0.0.1;Port=1;Username=nobody",
            "--Database:AutoMigrate", "false");

        exitCode.ShouldBe(1);
        said.ShouldContain($"scheduler cannot listen on http://{other.LocalEndpoint}: ");
        said.ShouldContain("for example ASPNETCORE_URLS=http://+:9082");
    }

    private static IReadOnlyList<string> Urls(params (string Key, string Value)[] settings) => Listening.Urls(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(one => KeyValuePair.Create(one.Key, (string?)one.Value))).Build(),
        port: 8082);

    // Other tests may write there too.
    private static async Task<(int ExitCode, string Said)> Run(params string[] arguments)
    {
        var before = Console.Error;
        await using var said = new StringWriter();
        Console.SetError(TextWriter.Synchronized(said));
        try
        {
            return (await Service.Run("scheduler", 8082, arguments, _ => { }, _ => { }, (_, _) => Task.CompletedTask), $"{said}");
        }
        finally
        {
            Console.SetError(before);
        }
    }
}
