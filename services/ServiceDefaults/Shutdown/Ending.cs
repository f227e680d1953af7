namespace LeadSync.ServiceDefaults.Shutdown;

public static class Ending
{
    /// <summary>
    /// Whether a background service may end with this exception, because it was told to. Any other ends the whole host; and a cancellation is not always
    /// ours: RabbitMQ's client throws its own when the broker does not answer.
    /// </summary>
    public static bool IsEnd(this Exception exception, CancellationToken stopping) =>
        exception is OperationCanceledException && stopping.IsCancellationRequested;
}
