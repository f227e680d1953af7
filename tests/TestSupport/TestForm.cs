namespace LeadSync.TestSupport;

/// <summary>
/// Tests have a short form, which is run all the time, and a long one (<c>./leadsync test --all</c>):
/// every fault, every kill, many more schedules.
/// </summary>
public static class TestForm
{
    /// <summary>The environment variable that asks for the long form, with the value <see cref="All"/>.</summary>
    public const string Key = "LEADSYNC_TESTS";

    public const string All = "all";

    /// <summary>Why a test is skipped that only the long form has.</summary>
    public const string OnlyLong = "Only in the long form: ./leadsync test --all";

    public static bool IsLong => Environment.GetEnvironmentVariable(Key) == All;
}
