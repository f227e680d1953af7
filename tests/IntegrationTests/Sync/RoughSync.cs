namespace LeadSync.IntegrationTests.Sync;

[CollectionDefinition(nameof(RoughSync))]
public sealed class RoughSyncCollection : ICollectionFixture<RoughSync>;

/// <summary>A sync with faults. Each test waits until its faults are repaired.</summary>
public sealed class RoughSync(SharedServers shared) : SharedSync(shared, leads: 300);
