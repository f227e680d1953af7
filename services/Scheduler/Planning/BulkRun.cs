using System.Collections.Immutable;

namespace LeadSync.Scheduler.Planning;

/// <summary>Why leads are read in bulk.</summary>
internal enum BulkPurpose
{
    /// <summary>Every lead, for the first time.</summary>
    InitialRead,

    /// <summary>Every lead, to find what neither notifications nor catch-ups show.</summary>
    FullComparison,

    /// <summary>The leads that were modified since a moment, in place of a catch-up that would be too large.</summary>
    CatchUp,
}

/// <summary>A bulk read with all its pages.</summary>
/// <param name="ModifiedSince">Zoho's clock; null reads every lead.</param>
/// <param name="Attempt">1, and one more each time the run had to begin again.</param>
internal sealed record BulkRun(Guid Id, BulkPurpose Purpose, DateTimeOffset? ModifiedSince, int Attempt, DateTimeOffset StartedAt)
{
    public ImmutableSortedDictionary<int, BulkPage> Pages { get; init; } = ImmutableSortedDictionary<int, BulkPage>.Empty;

    /// <summary>The run cannot continue, for instance because a page token has expired.</summary>
    public bool MustRestart { get; init; }

    /// <summary>The actions that the run carries out.</summary>
    public ImmutableList<Guid> Actions { get; init; } = [];

    public bool IsComplete => Purpose is not BulkPurpose.CatchUp;

    /// <summary>The pages that are known so far: a page that is ready says whether another follows.</summary>
    public IEnumerable<BulkPage> KnownPages
    {
        get
        {
            var page = Page(1);
            while (page.Result is { MoreRecords: true })
            {
                yield return page;
                page = Page(page.Number + 1);
            }

            yield return page;
        }
    }

    /// <summary>How often Zoho was asked for the export that is still missing, earlier attempts at the run included.</summary>
    public int Requests => Attempt - 1 + KnownPages.Where(page => page.Result is null).Select(page => page.Sent).DefaultIfEmpty().Max();

    public bool IsProjected => KnownPages.All(page => page.IsProjected);

    /// <summary>Zoho's clock: the earliest moment that any row speaks for.</summary>
    public DateTimeOffset? FirstCreatedTime => KnownPages.Min(page => page.Job?.CreatedTime);

    /// <summary>The field set of all its pages; null when it changed between them.</summary>
    public string? FieldSet =>
        KnownPages.Select(page => page.Result?.FieldSet).Distinct().Take(2).ToList() is [var only] ? only : null;

    public BulkRun With(int page, Func<BulkPage, BulkPage> change) =>
        page < 1 ? this : this with { Pages = Pages.SetItem(page, change(Page(page))) };

    public BulkRun With(string jobId, Func<BulkJob, BulkJob> change) =>
        Pages.Values.FirstOrDefault(page => page.Jobs.ContainsKey(jobId)) is { } page
            ? With(page.Number, _ => page.With(jobId, change))
            : this;

    public BulkPage Page(int number) => Pages.GetValueOrDefault(number) ?? new BulkPage(number);
}
