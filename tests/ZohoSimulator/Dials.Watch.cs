namespace LeadSync.ZohoSimulator;

internal sealed partial class Dials
{
    // Notification channels.

    public TimeSpan ChannelLife { get; set; } = TimeSpan.FromHours(1);

    public TimeSpan ChannelMaxLifeV6 { get; set; } = TimeSpan.FromDays(1);

    public TimeSpan ChannelMaxLifeV7 { get; set; } = TimeSpan.FromDays(7);

    public TimeSpan ChannelMaxLifeV8 { get; set; } = TimeSpan.FromDays(7);

    /// <summary>No channel is granted more, whatever was asked for; 0 leaves Zoho's rule.</summary>
    public TimeSpan ChannelLifeCap { get; set; }

    public bool PatchBlanksToken { get; set; } = true;

    public bool HttpsOnly { get; set; }

    /// <summary>How a channel that is not there is answered: 204, or 400 with NOT_SUBSCRIBED.</summary>
    public int UnknownChannelStatus { get; set; } = 204;

    /// <summary>A channel is removed after so many deliveries in a row that failed; 0 keeps it.</summary>
    public int ChannelFailures { get; set; }

    /// <summary>Errors that concern one item come inside the array; else a single one comes bare.</summary>
    public bool WrappedErrors { get; set; }

    // Deliveries.

    /// <summary>Deliveries go out at most so many at once; those of one lead stay in order. 1 keeps all in order.</summary>
    public int DeliveryParallelism { get; set; } = 16;

    public TimeSpan DeliveryDelay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Added to the delay, exponentially distributed around this mean.</summary>
    public TimeSpan DeliveryJitter { get; set; }

    /// <summary>Deliveries overtake each other by up to this much.</summary>
    public TimeSpan DeliveryReorder { get; set; }

    /// <summary>The share of deliveries that come <see cref="DeliveryLateBy"/> later, out of order.</summary>
    public double DeliveryLateRate { get; set; }

    public TimeSpan DeliveryLateBy { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Deliveries are held and let go together every so often.</summary>
    public TimeSpan DeliveryBurst { get; set; }

    public double DeliveryDropRate { get; set; }

    public double DeliveryDuplicateRate { get; set; }

    /// <summary>Most ids in one delivery; how many it takes of those that wait is chance.</summary>
    public int DeliveryIds { get; set; } = 1;

    public int DeliveryRetries { get; set; }

    public TimeSpan DeliveryRetryPause { get; set; } = TimeSpan.FromSeconds(1);

    public TimeSpan DeliveryTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>More waiting deliveries than this are lost.</summary>
    public int DeliveryQueueLimit { get; set; } = 200_000;

    public double DeliveryWrongTokenRate { get; set; }

    public double DeliveryUnknownOperationRate { get; set; }

    /// <summary>Operations are called create and edit, else insert and update.</summary>
    public bool DeliveryEventWords { get; set; }

    public double DeliveryWithoutAffectedValuesRate { get; set; }

    public bool DeliveryNullToken { get; set; }

    /// <summary>The token of deletions only is null, as has been recorded.</summary>
    public bool DeliveryNullTokenOfDeletions { get; set; }

    public bool DeliveryNumericChannelId { get; set; }

    public bool DeliveryTextServerTime { get; set; }

    /// <summary>The answers to so many of the latest deliveries are remembered, for <c>GET /control/deliveries</c>.</summary>
    public int DeliveriesRemembered { get; set; }
}
