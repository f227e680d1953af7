namespace LeadSync.Simulation;

/// <summary>Everything that happens to the services from outside: changes in Zoho, actions of operators, and faults.</summary>
internal enum Disturbance
{
    // People work in Zoho.
    Create, Edit, EditTwiceInASecond, EditSilently, Delete, Purge, Forget, RestoreTouched, RestoreSilently, ConvertTouched, ConvertSilently,
    Merge, MassUpdate, InvalidValue,

    // Zoho answers late, wrong or not at all.
    ZohoDown, ZohoError, AnswerTooLate, AnswerStale, LeadLeftOut, Crowd, ChannelRemoved, ShortLifeGranted, JobFails, PageDamaged,
    PageNotFetched, CallbackLost, NotificationLost, NotificationLate, NotificationTwice, NotificationToNobody,

    // The broker.
    BrokerDown, PublishFails, ConfirmLost, PublishTooLate, MessageTwice, MessageLate, MessageRedelivered,

    // The database.
    DatabaseDown, DatabaseError, CommitUnknown, RowRefused,

    // Machines and programs.
    CrashGateway, CrashProjector, CrashScheduler, StallGateway, StallProjector, StallScheduler, LeaderChanges, HandlerFails,

    // Operators, and time.
    RequestCatchUp, RequestFullComparison, PauseOrResume, ReplayParked, MinutesPass, HoursPass,
}
