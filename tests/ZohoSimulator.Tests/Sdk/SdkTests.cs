using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using LeadSync.TestSupport;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSync.ZohoSimulator.Tests.Sdk;

/// <summary>
/// Zoho's official SDKs against the simulator: every call returns what the SDK expects. Part of the long form: npm installs 122 MB.
/// </summary>
public sealed class SdkTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData("8.0", 28)]
    [InlineData("7.0", 27)]
    [InlineData("6.0", 26)]
    public async Task every_call_returns_what_zohos_own_sdk_expects(string version, int atLeast)
    {
        Assert.SkipUnless(TestForm.IsLong, TestForm.OnlyLong);
        await using var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseSetting("urls", "http://127.0.0.1:0");
            host.UseSetting("Simulator:Leads", "120");
            host.UseSetting("Simulator:BulkPerPage", "50");
        });
        factory.UseKestrel(0);
        factory.StartServer();
        var address = factory.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

        var lines = (await RunAsync("node", ["drive.mjs", version, address], await Installed()))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

        foreach (var line in lines)
            output.WriteLine(line);
        var calls = lines.Where(line => line.StartsWith('{')).Select(line => JsonElement.Parse(line))
            .Where(line => line.TryGetProperty("call", out _)).ToList();
        calls.Where(call => !call.GetProperty("ok").GetBoolean()).Select(call => $"{call}").ShouldBeEmpty();
        calls.Count.ShouldBeGreaterThanOrEqualTo(atLeast);
    }

    /// <summary>
    /// The folder with the SDKs that are pinned, with their hashes, in <c>Sdk/node</c>:
    /// beside the test's own files, one for each set of pins.
    /// </summary>
    private static async Task<string> Installed()
    {
        var source = Path.Combine(AppContext.BaseDirectory, "Sdk", "node");
        var pins = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(source, "package-lock.json"))))[..12];
        var folder = Path.Combine(AppContext.BaseDirectory, $"sdk-{pins}");
        var isNew = !Directory.Exists(Path.Combine(folder, "node_modules"));
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(source))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        if (isNew)
            await RunAsync("npm", ["ci", "--no-progress"], folder);
        return folder;
    }

    private static async Task<string> RunAsync(string program, string[] arguments, string folder)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
        using var patience = new CancellationTokenSource(Patience);
        var text = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return text;
    }
}
