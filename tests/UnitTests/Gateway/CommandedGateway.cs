using LeadSync.Contracts;
using LeadSync.Gateway;
using LeadSync.Gateway.BulkReads;
using LeadSync.Gateway.Bus;
using LeadSync.Gateway.CatchUps;
using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Notifications;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho.Calls;
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

    private readonly Commands commands;

    /// <param name="time">The time that Zoho's clock and the gateway's clock show now.</param>
    public CommandedGateway(FakeZoho zoho, KeptChannel channel, IReceivingRecord receiving, Publish publish, DateTimeOffset time)
    {
        zoho.Time.AdjustTime(time);
        var (clock, catalog) = (new ZohoClock(zoho.Time), zoho.Catalog);
        clock.Observe(time, TimeSpan.Zero, time);
        var subscription = new Subscription(
            zoho, zoho, channel, receiving, Options, publish, clock, NullLogger<Subscription>.Instance);
        var jobs = new BulkJobs(new BulkReading(zoho, catalog, Options, clock), new KeptJobs(), publish, NullLogger<BulkJobs>.Instance);
        var catchUps = new CatchUpReporting(
            new CatchUpReading(zoho, zoho, zoho.Records, catalog, clock, NullLogger<CatchUpReading>.Instance),
            new LeadParking(new NoParking(), NullLogger<LeadParking>.Instance), receiving, publish, zoho.Time);
        commands = new(subscription, jobs, catchUps, clock, zoho, zoho.Time);
    }

    public Task CarryOut(object command, CancellationToken ct) => command switch
    {
        RenewChannel renew => commands.Renew(renew, ct),
        CheckChannel check => commands.Check(check, ct),
        StartBulkRead start => commands.Start(start, ct),
        CheckBulkJob check => commands.Check(check, ct),
        CatchUp catchUp => commands.Report(catchUp, wasBegun: false, ct),
        _ => Task.CompletedTask,
    };
}
