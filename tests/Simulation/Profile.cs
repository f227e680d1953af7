using LeadSync.Scheduler;

namespace LeadSync.Simulation;

/// <summary>The properties of a schedule's Zoho, network and machines. Most schedules have only some of the faults, so that each occurs
/// alone too. Numbers are percentages unless the comment says otherwise.</summary>
internal sealed class Profile
{
    private readonly bool[] happens;

    public Profile(Chance chance)
    {
        Leads = 2 + chance.Below(5);
        Acts = 12 + chance.Below(30);
        Pace = chance.Of(4, 8, 20);
        ListPage = chance.Of(1, 2, 3, 200);
        BulkPage = chance.Of(1, 2, 3, 200);
        FilterExcludesItsSecond = chance.Percent(30);
        DeletedListedOldestFirst = chance.Percent(30);
        Lag = TimeSpan.FromSeconds(chance.Of(0, 0, 0, 3, 60));
        OmitsPercent = chance.Of(0, 0, 0, 5);
        ZohoFails = chance.Of(0, 0, 4, 15);
        NotificationsLost = chance.Of(0, 10, 50, 100);
        NotificationsLate = chance.Of(0, 0, 20, 60);
        GrantedLife = chance.Percent(30) ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
        CallbacksLost = chance.Of(0, 50, 100);
        JobsFail = chance.Of(0, 0, 20);
        PagesDamaged = chance.Of(0, 0, 20);
        MessagesLate = chance.Of(0, 0, 5, 20);
        MessagesTwice = chance.Of(0, 3, 10);
        BrokerFails = chance.Of(0, 0, 3, 10);
        DatabaseFails = chance.Of(0, 0, 3, 10);
        Replicas = chance.Of(1, 1, 2);
        Skew = TimeSpan.FromSeconds(chance.Of(0, 0, 2, 90, 3600));
        LongPauses = chance.Percent(60);
        BeginsSettled = chance.Percent(70);
        Options = new SchedulerOptions
        {
            CatchUpInterval = TimeSpan.FromMinutes(chance.Of(5, 60)),
            FullComparisonInterval = TimeSpan.FromHours(chance.Of(6, 24)),
            ChannelLifetime = TimeSpan.FromDays(chance.Of(1, 7)),
        };
        happens = new bool[Coverage.Disturbances.Count];
        for (var kind = 0; kind < happens.Length; kind++)
            happens[kind] = chance.Percent(65);
    }

    /// <summary>The number of leads at first.</summary>
    public int Leads { get; }

    /// <summary>The number of acts of the nemesis.</summary>
    public int Acts { get; }

    /// <summary>The number of steps of the services between two acts, on average.</summary>
    public int Pace { get; }

    public int ListPage { get; }

    public int BulkPage { get; }

    public bool FilterExcludesItsSecond { get; }

    public bool DeletedListedOldestFirst { get; }

    /// <summary>The longest lag of Zoho's answers.</summary>
    public TimeSpan Lag { get; }

    /// <summary>How often a list leaves out a lead that is there.</summary>
    public int OmitsPercent { get; }

    public int ZohoFails { get; }

    public int NotificationsLost { get; }

    public int NotificationsLate { get; }

    public TimeSpan GrantedLife { get; }

    public int CallbacksLost { get; }

    public int JobsFail { get; }

    public int PagesDamaged { get; }

    public int MessagesLate { get; }

    public int MessagesTwice { get; }

    public int BrokerFails { get; }

    public int DatabaseFails { get; }

    public int Replicas { get; }

    /// <summary>The largest error of a machine's clock.</summary>
    public TimeSpan Skew { get; }

    public bool LongPauses { get; }

    /// <summary>Whether LeadSync has read every lead before the first disturbance.</summary>
    public bool BeginsSettled { get; }

    public SchedulerOptions Options { get; }

    /// <summary>Whether the nemesis does this in the schedule.</summary>
    public bool Happens(Disturbance disturbance) => happens[(int)disturbance];
}
