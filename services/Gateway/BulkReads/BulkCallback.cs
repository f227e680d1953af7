using System.Text.Json;
using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Gateway.BulkReads;

/// <summary>Takes in Zoho's report that a job has ended. Only the secret in the address authenticates the caller, so the body is a hint:
/// the scheduler reads the job's status in any case.</summary>
internal sealed class BulkCallback(Publish publish, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <returns>The status to answer: 200, 400 when the body names no job, 503 when the broker has not confirmed.</returns>
    public async Task<int> Take(ReadOnlyMemory<byte> body)
    {
        if (JobId(body.Span) is not { } jobId)
            return StatusCodes.Status400BadRequest;

        try
        {
            using var patience = new CancellationTokenSource(Patience, clock);
            await publish(new BulkJobCalledBack(jobId), patience.Token);
            return StatusCodes.Status200OK;
        }
        catch (Exception)
        {
            // Nothing is lost: the scheduler asks for the job's status from time to time.
            return StatusCodes.Status503ServiceUnavailable;
        }
    }

    /// <returns>The job's id; null when the body names no job.</returns>
    public static string? JobId(ReadOnlySpan<byte> body) =>
        ZohoJson.Parse(body) is { } json
            ? Candidates(json).FirstOrDefault(id => id is { Length: > 0 and <= ZohoLimits.IdLength } && id.All(char.IsAsciiDigit))
            : null;

    // Zoho: the body is that of a job's status. The other places of the id are guesses.
    private static IEnumerable<string?> Candidates(JsonElement json) =>
        json.Items("data").Append(json).SelectMany(element => new[]
        {
            element.Text("id"), element.Text("job_id"), element.Get("details")?.Text("id"), element.Get("query")?.Text("job_id"),
        });
}
