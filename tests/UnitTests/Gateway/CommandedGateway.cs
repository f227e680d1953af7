using LeadSync.Contracts;
using LeadSync.Gateway;
using LeadSync.Gateway.BulkReads;
using LeadSync.Gateway.Bus;
using LeadSync.Gateway.CatchUps;
using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Notifications;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho;
using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Bus;
using LeadSync.UnitTests.Gateway.BulkReads;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace LeadSync.UnitTests.Gateway;

/// <summary>The parts of a gateway that carry out the scheduler's commands, without a broker and a database.</summary>
internal sealed class CommandedGateway
{
    private static readonly GatewayOptions Options = GatewayOptions.From(
        new Settings(new ConfigurationBuilder().AddInMemoryCollection([new("Gateway:PublicUrl", "https://sync.test")]).Build()), "secret");

    private readonly LateCommands late;
    private readonly Subscription subscription;
    private readonly BulkJobs bulkJobs;
    private readonly CatchUpReporting catchUps;

    /// <param name="time">The time that Zoho's clock and the gateway's clock show now.</param>
    public CommandedGateway(FakeZoho zoho, KeptChannel channel, IReceivingRecord receiving, Publish publish, DateTimeOffset time)
    {
        zoho.Time.AdjustTime(time);
        var (clock, catalog) = (new ZohoClock(zoho.Time), zoho.Catalog);
        clock.Observe(time, TimeSpan.Zero, time);
        late = new(clock, zoho, zoho.Time);
        subscription = new(zoho, zoho, channel, receiving, Options, publish, clock, NullLogger<Subscription>.Instance);
        bulkJobs = new(new BulkReading(zoho, catalog, Options, clock), new KeptJobs(), publish, NullLogger<BulkJobs>.Instance);
        catchUps = new(
            new CatchUpReading(zoho, zoho, zoho.Records, catalog, clock, NullLogger<CatchUpReading>.Instance),
            new LeadParking(new NoParking(), NullLogger<LeadParking>.Instance), receiving, publish, zoho.Time);
    }

    public Task CarryOut(object command, CancellationToken ct) => command switch
    {
        RenewChannel renew => late.Unless("", renew.NotAfter, () => subscription.Renew(renew, ct), ct),
        CheckChannel check => late.Unless("", check.NotAfter, () => subscription.Check(check, ct), ct),
        StartBulkRead start => late.Unless("", start.NotAfter, () => bulkJobs.Start(start, ct), ct),
        CheckBulkJob check => late.Unless("", check.NotAfter, () => bulkJobs.Check(check, ct), ct),
        CatchUp catchUp => late.Unless("", catchUp.NotAfter, () => catchUps.Report(catchUp, wasBegun: false, ct), ct),
        _ => Task.CompletedTask,
    };
}
