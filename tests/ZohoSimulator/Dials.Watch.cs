namespace LeadSync.ZohoSimulator;

internal sealed partial class Dials
{
    // Notification channels.

    public TimeSpan ChannelLife { get; set; } = TimeSpan.FromHours(1);

    public TimeSpan ChannelMaxLifeV6 { get; set; } = TimeSpan.FromDays(1);

    public TimeSpan ChannelMaxLifeV7 { get; set; } = TimeSpan.FromDays(7);

    public TimeSpan ChannelMaxLifeV8 { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The longest life that is granted to a channel; 0 for Zoho's rule.</summary>
    public TimeSpan ChannelLifeCap { get; set; }

    public bool PatchBlanksToken { get; set; } = true;

    public bool HttpsOnly { get; set; }

    /// <summary>The status for an unknown channel: 204, or 400 with NOT_SUBSCRIBED.</summary>
    public int UnknownChannelStatus { get; set; } = 204;

    /// <summary>The number of failed deliveries in a row after which a channel is removed; 0 keeps it.</summary>
    public int ChannelFailures { get; set; }

    /// <summary>Errors of single items come inside the array; otherwise a single error comes bare.</summary>
    public bool WrappedErrors { get; set; }

    // Deliveries.

    /// <summary>The most deliveries at once. Those of one lead stay in order; 1 keeps all in order.</summary>
    public int DeliveryParallelism { get; set; } = 16;

    public TimeSpan DeliveryDelay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Added to the delay, exponentially distributed around this mean.</summary>
    public TimeSpan DeliveryJitter { get; set; }

    /// <summary>Deliveries overtake each other by up to this much.</summary>
    public TimeSpan DeliveryReorder { get; set; }

    /// <summary>The share of deliveries that come <see cref="DeliveryLateBy"/> later, out of order.</summary>
    public double DeliveryLateRate { get; set; }

    public TimeSpan DeliveryLateBy { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The interval at which held deliveries are sent together.</summary>
    public TimeSpan DeliveryBurst { get; set; }

    public double DeliveryDropRate { get; set; }

    public double DeliveryDuplicateRate { get; set; }

    /// <summary>The most ids in one delivery; chance decides how many of the waiting ones it takes.</summary>
    public int DeliveryIds { get; set; } = 1;

    public int DeliveryRetries { get; set; }

    public TimeSpan DeliveryRetryPause { get; set; } = TimeSpan.FromSeconds(1);

    public TimeSpan DeliveryTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The most waiting deliveries; others are lost.</summary>
    public int DeliveryQueueLimit { get; set; } = 200_000;

    public double DeliveryWrongTokenRate { get; set; }

    public double DeliveryUnknownOperationRate { get; set; }

    /// <summary>Operations are called create and edit; otherwise insert and update.</summary>
    public bool DeliveryEventWords { get; set; }

    public double DeliveryWithoutAffectedValuesRate { get; set; }

    public bool DeliveryNullToken { get; set; }

    /// <summary>Only the token of deletions is null, as recorded from Zoho.</summary>
    public bool DeliveryNullTokenOfDeletions { get; set; }

    public bool DeliveryNumericChannelId { get; set; }

    public bool DeliveryTextServerTime { get; set; }

    /// <summary>The number of latest deliveries whose answers <c>GET /control/deliveries</c> remembers.</summary>
    public int DeliveriesRemembered { get; set; }
}
