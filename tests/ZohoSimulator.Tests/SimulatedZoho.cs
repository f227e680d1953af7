using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;

namespace LeadSync.ZohoSimulator.Tests;

/// <summary>A simulator for one test, and a client with a token.</summary>
internal sealed class SimulatedZoho : IAsyncDisposable
{
    public const string TokenRequest = "/oauth/v2/token?grant_type=refresh_token"
        + "&client_id=1000.SIMULATOR&client_secret=simulator-secret&refresh_token=1000.simulator.refresh";

    private readonly WebApplicationFactory<Program> factory;

    private SimulatedZoho(WebApplicationFactory<Program> factory) => (this.factory, Client) = (factory, factory.CreateClient());

    public HttpClient Client { get; }

    /// <param name="settings">Options and dials, for example <c>Leads=300</c>.</param>
    public static async Task<SimulatedZoho> StartAsync(params string[] settings)
    {
        var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseSetting("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Warning");
            foreach (var setting in settings.Prepend("Leads=50"))
                host.UseSetting($"Simulator:{setting.Split('=')[0]}", setting.Split('=', 2)[1]);
        });
        var zoho = new SimulatedZoho(factory);
        await zoho.RenewTokenAsync();
        return zoho;
    }

    public async Task RenewTokenAsync()
    {
        var reply = await PostAsync(TokenRequest);
        if (reply.Body.TryGetProperty("access_token", out var token))
            Client.DefaultRequestHeaders.Authorization = new("Zoho-oauthtoken", $"{token}");
    }

    public Task<Answer> GetAsync(string path, DateTimeOffset? modifiedSince = null) =>
        SendAsync(HttpMethod.Get, path, null, modifiedSince);

    public Task<Answer> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, body);

    public Task<Answer> PutAsync(string path, object body) => SendAsync(HttpMethod.Put, path, body);

    public Task<Answer> PatchAsync(string path, object body) => SendAsync(HttpMethod.Patch, path, body);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    /// <summary>Changes leads by the control API.</summary>
    /// <returns>Their ids.</returns>
    public async Task<IReadOnlyList<string>> ChangeAsync(string what, object? order = null)
    {
        var done = await PostAsync($"/control/leads/{what}", order ?? new { });
        return [.. done.Body.GetProperty("ids").EnumerateArray().Select(id => $"{id}")];
    }

    public async Task SetAsync(object dials) => (await PutAsync("/control/dials", dials)).Status.ShouldBe(HttpStatusCode.OK);

    public Task AdvanceAsync(TimeSpan by) => PostAsync("/control/clock/advance", new { by });

    public async Task<IReadOnlyList<JsonElement>> TruthAsync()
    {
        return [.. (await TruthTextAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    public Task<string> TruthTextAsync() => Client.GetStringAsync("/control/leads");

    public async Task<string?> HeaderAsync(string path, string header)
    {
        using var response = await Client.GetAsync(path);
        return response.Headers.TryGetValues(header, out var values) ? values.Single() : null;
    }

    public async Task<long> CountedAsync(string what) =>
        (await GetAsync("/control/statistics")).Body.GetProperty("counts").TryGetProperty(what, out var count) ? count.GetInt64() : 0;

    public ValueTask DisposeAsync() => factory.DisposeAsync();

    private async Task<Answer> SendAsync(HttpMethod method, string path, object? body, DateTimeOffset? modifiedSince = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body, options: JsonSerializerOptions.Default);
        if (modifiedSince is { } time)
            request.Headers.TryAddWithoutValidation("If-Modified-Since", time.ToString("yyyy-MM-dd'T'HH:mm:sszzz"));
        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer(response.StatusCode, text.StartsWith('{') ? JsonElement.Parse(text) : default);
    }
}

internal sealed record Answer(HttpStatusCode Status, JsonElement Body)
{
    /// <summary>The code of the error, bare or in the first element of its array.</summary>
    public string Code =>
        Body.TryGetProperty("code", out var code) ? $"{code}" : Body.EnumerateObject().First().Value.Each("code").First();

    public JsonElement Data => Body.GetProperty("data");
}

internal static class JsonArrays
{
    /// <summary>A member of each object of an array, as text.</summary>
    public static IEnumerable<string> Each(this JsonElement array, string name) =>
        array.EnumerateArray().Select(item => $"{item.GetProperty(name)}");
}
