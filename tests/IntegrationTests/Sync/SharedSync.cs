namespace LeadSync.IntegrationTests.Sync;

/// <summary>
/// A sync that has read every lead, for the tests of a class or of a collection of classes. Each test leaves the sync as it found it.
/// </summary>
/// <param name="leads">The number of leads that Zoho has at first.</param>
/// <param name="settings">As for <see cref="RunningSync.StartAsync"/>.</param>
public abstract class SharedSync(SharedServers shared, int leads, params (string Key, string Value)[] settings) : IAsyncLifetime
{
    private RunningSync? sync;

    public RunningSync Sync => sync!;

    public SharedServers Shared => shared;

    /// <summary>Whether this form of the tests runs any test of the sync. xunit makes the fixture of skipped tests too.</summary>
    protected virtual bool IsNeeded => true;

    public async ValueTask InitializeAsync()
    {
        if (!IsNeeded)
            return;

        sync = await RunningSync.StartAsync(shared, leads, settings);
        await sync.InSync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (sync is not null)
            await sync.DisposeAsync();
    }
}
