namespace LeadSync.TestSupport;

/// <summary>
/// Tests have a short form, which developers run all the time, and a long form (<c>./leadsync test --all</c>) with every fault, every kill
/// and many more schedules.
/// </summary>
public static class TestForm
{
    /// <summary>The environment variable that selects the long form, with the value <see cref="All"/>.</summary>
    public const string Key = "LEADSYNC_TESTS";

    public const string All = "all";

    /// <summary>The reason for skipping a test of the long form.</summary>
    public const string OnlyLong = "Only in the long form: ./leadsync test --all";

    public static bool IsLong => Environment.GetEnvironmentVariable(Key) == All;
}
