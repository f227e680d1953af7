using System.Net;
using LeadSync.Gateway;
using LeadSync.Gateway.Notifications;
using LeadSync.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSync.UnitTests.Gateway;

public sealed class PublicPathTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://sync.test/hooks/", "/zoho/notifications", HttpStatusCode.OK)]
    [InlineData("https://sync.test/hooks/", "/hooks/zoho/notifications", HttpStatusCode.OK)]
    [InlineData("https://sync.test/hooks/", "/hooks/fields", HttpStatusCode.NotFound)]
    [InlineData("https://sync.test/hooks/", "/hooksy/zoho/notifications", HttpStatusCode.NotFound)]
    [InlineData("https://sync.test", "/zoho/notifications", HttpStatusCode.OK)]
    [InlineData("https://sync.test", "/fields", HttpStatusCode.OK)]
    public async Task below_the_path_of_the_public_address_only_zoho_s_paths_are_served(string url, string path, HttpStatusCode status)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(GatewayOptions.From(
            new Settings(new ConfigurationBuilder().AddInMemoryCollection([new("Gateway:PublicUrl", url)]).Build()), "secret"));
        await using var app = builder.Build();
        app.UsePublicPath();
        foreach (var served in new[] { GatewayOptions.NotificationsPath, "/fields" })
            app.MapGet(served, () => "served");
        await app.StartAsync(Stop);

        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var answer = await http.GetAsync(path, Stop);

        answer.StatusCode.ShouldBe(status);
    }
}
