using System.Globalization;
using LeadSync.Gateway.Zoho.Apis;

namespace LeadSync.Simulation.Model;

/// <summary>A bulk read job. Each row shows its lead at the moment when the job reached it.</summary>
internal sealed record ZohoJob(string Id, BulkQuery Query, DateTimeOffset CreatedTime)
{
    public string State { get; set; } = "ADDED";

    public List<LeadPart> Rows { get; set; } = [];

    public bool More { get; set; }
}

internal sealed partial class ZohoModel
{
    private static readonly TimeSpan FilesAreKept = TimeSpan.FromDays(1);

    private readonly List<ZohoJob> jobs = [];

    public bool HasJobs => jobs.Exists(job => job.State == "ADDED");

    public ZohoJob Create(BulkQuery query)
    {
        var job = new ZohoJob(string.Create(CultureInfo.InvariantCulture, $"{7700 + jobs.Count}"), query, ZohoLead.Second(world.Now));
        jobs.Add(job);
        if (world.Chance.Percent(20))
            Work(job);
        return job;
    }

    /// <returns>Null when Zoho no longer has it.</returns>
    public ZohoJob? Job(string id) => jobs.Find(job => job.Id == id && world.Now < job.CreatedTime + FilesAreKept);

    /// <summary>Advances a running job.</summary>
    public bool Work()
    {
        if (jobs.Find(job => job.State == "ADDED") is not { } job)
            return false;

        Work(job);
        return true;
    }

    // Zoho cuts pages by position from the present leads, so pages shift while people work.
    private void Work(ZohoJob job)
    {
        if (world.Strikes(Disturbance.JobFails, world.Profile.JobsFail))
        {
            job.State = "FAILURE";
        }
        else
        {
            var all = leads.Select(lead => lead.Current.Content).OfType<LeadPart>()
                .Where(lead => job.Query.ModifiedSince is not { } since || lead.ModifiedTime >= since)
                .ToList();
            var size = world.Profile.BulkPage;
            job.Rows = [.. all.Skip((job.Query.Page - 1) * size).Take(size)];
            job.More = all.Count > job.Query.Page * size;
            job.State = "COMPLETED";
        }

        world.Trace($"Zoho's job {job.Id}: {job.State}, {job.Rows.Count} rows{(job.More ? ", more" : "")}");
        var gateway = world.Chance.OneOf(world.Gateways);
        if (job.Query.CallbackUrl is null)
            return;
        if (gateway.IsUp && !world.Chance.Percent(world.Profile.CallbacksLost))
            _ = gateway.CalledBack(job.Id);
        else
            world.Struck(Disturbance.CallbackLost);
    }
}
