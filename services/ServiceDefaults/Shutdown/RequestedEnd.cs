namespace LeadSync.ServiceDefaults.Shutdown;

public static class RequestedEnd
{
    /// <summary>
    /// Whether a background service may end with this exception, because it was told to stop. Any other exception ends the whole host. A
    /// cancellation is not always ours: RabbitMQ's client throws one when the broker does not answer.
    /// </summary>
    public static bool IsRequestedEnd(this Exception exception, CancellationToken ct) =>
        exception is OperationCanceledException && ct.IsCancellationRequested;
}
