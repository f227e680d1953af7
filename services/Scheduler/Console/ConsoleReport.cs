using LeadSync.Scheduler.Console.Latency;
using LeadSync.Scheduler.Status;

namespace LeadSync.Scheduler.Console;

/// <summary>What the console shows of the sync as a whole.</summary>
/// <param name="At">The scheduler's clock when this was read, for a page whose own clock may differ.</param>
internal sealed record ConsoleReport(DateTimeOffset At, StatusSentence Sentence, StatusReport Status, LastChange? LastChange);
