using LeadSync.Gateway.Zoho.Apis;

namespace LeadSync.Simulation.Mutants;

/// <summary>Zoho's channel, with answers that the gateway reads wrongly.</summary>
internal sealed class OtherWatch(IWatchApi zoho) : IWatchApi
{
    public required Func<WatchRequest, DateTimeOffset?, DateTimeOffset?> Granted { get; init; }

    public async Task<DateTimeOffset?> OpenChannel(WatchRequest request, CancellationToken ct) =>
        Granted(request, await zoho.OpenChannel(request, ct));

    public async Task<DateTimeOffset?> ReplaceChannel(WatchRequest request, CancellationToken ct) =>
        Granted(request, await zoho.ReplaceChannel(request, ct));

    public Task CloseChannel(string channelId, CancellationToken ct) => zoho.CloseChannel(channelId, ct);

    public Task<WatchedChannel?> FindChannel(string channelId, CancellationToken ct) => zoho.FindChannel(channelId, ct);

    public Task ListChannels(CancellationToken ct) => zoho.ListChannels(ct);
}
