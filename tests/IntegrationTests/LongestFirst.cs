using LeadSync.IntegrationTests;
using LeadSync.IntegrationTests.Acknowledgement;
using LeadSync.IntegrationTests.Alerts;
using LeadSync.IntegrationTests.Bus;
using LeadSync.IntegrationTests.Cli;
using LeadSync.IntegrationTests.ConsolePages;
using LeadSync.IntegrationTests.Deployment;
using LeadSync.IntegrationTests.Dials;
using LeadSync.IntegrationTests.Rebuilds;
using LeadSync.IntegrationTests.Surfaces;
using LeadSync.IntegrationTests.Sync;
using LeadSync.IntegrationTests.ZohoCalls;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace LeadSync.IntegrationTests;

/// <summary>Starts the longest test classes first, so that none runs alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long =
    [
        nameof(BulkReadDialTests), nameof(CallDialTests), nameof(NotificationDialTests), nameof(AcknowledgementTests), nameof(RoughSync),
        nameof(OpenConsole), nameof(RollingRestartTests), nameof(FirstSyncTests), nameof(ShortLivedChannelSync), nameof(HealthySync),
        nameof(AlertTests), nameof(EverySurfaceWithoutServicesTests), nameof(EverySurfaceTests), nameof(EverySurfaceInOutagesTests),
        nameof(EverySurfaceWithoutServersTests), nameof(FreshSync), nameof(EitherWayTests), nameof(KilledRebuildTests), nameof(HangTests),
        nameof(DatabaseConditionsTests), nameof(AccessTokenTests),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(Rank)];

    private static int Rank<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection =>
        Array.FindIndex(Long, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal)) is >= 0 and var rank
            ? rank
            : Long.Length;
}
