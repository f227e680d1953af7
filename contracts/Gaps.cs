namespace LeadSync.Contracts;

/// <summary>Changes may have been missed in a span of Zoho's time; a catch-up closes it.</summary>
/// <param name="Cause">One plain sentence for the person on call.</param>
public sealed record GapDetected(string Cause, DateTimeOffset From, DateTimeOffset To, GapKind Kind = GapKind.Other);

/// <summary>Why changes may have been missed.</summary>
public enum GapKind
{
    /// <summary>The version that recorded the gap did not know kinds yet.</summary>
    Other,

    /// <summary>No gateway could receive notifications.</summary>
    NoGateway,

    /// <summary>A gateway crashed, and lost the notifications that Zoho had sent to it.</summary>
    GatewayCrashed,

    /// <summary>Notifications could not be made durable, and were refused.</summary>
    Refused,

    /// <summary>Leads were announced, and the gateway could not read them from Zoho.</summary>
    Unreadable,

    /// <summary>Zoho did not have the notification channel as it was opened.</summary>
    ChannelLost,

    /// <summary>The notification channel expired before it was renewed.</summary>
    ChannelExpired,

    /// <summary>Leads were modified, and the notification channel delivered nothing.</summary>
    ChannelSilent,

    /// <summary>So many leads changed at once that a catch-up reads them together.</summary>
    ManyAtOnce,

    /// <summary>Zoho lists more deleted leads than the gateway can read.</summary>
    DeletionsHidden,

    /// <summary>Leads were read before the gateway knew of a field that Zoho has since.</summary>
    FieldAdded,
}
