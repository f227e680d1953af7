namespace LeadSync.IntegrationTests.Sync;

[CollectionDefinition(nameof(RoughSync))]
public sealed class RoughSyncCollection : ICollectionFixture<RoughSync>;

/// <summary>A sync to which things happen. Each test waits until they are mended.</summary>
public sealed class RoughSync(SharedServers shared) : SharedSync(shared, leads: 300);
