using System.Text.Json;
using LeadSync.Cli.Log;

namespace LeadSync.UnitTests.Cli.Log;

public sealed class LogNewsTests
{
    private static readonly JsonElement Last = Entry(7, "2026-08-15T03:00:00Z");

    [Fact]
    public void what_comes_after_the_last_entry_is_new()
    {
        LogNews.After(Last, [Last]).ShouldNotBeNull().ShouldBeEmpty();
        LogNews.After(Last, [Last, Entry(9, "2026-08-15T03:01:00Z")]).ShouldNotBeNull().Single().GetProperty("number").GetInt64()
            .ShouldBe(9);
    }

    [Fact]
    public void a_log_without_the_last_entry_is_another_log()
    {
        LogNews.After(Last, []).ShouldBeNull("the restored log is shorter");
        LogNews.After(Last, [Entry(7, "2026-08-15T05:00:00Z")]).ShouldBeNull("the restored log has grown beyond it");
        LogNews.After(Last, [Entry(9, "2026-08-15T05:00:00Z")]).ShouldBeNull();
    }

    private static JsonElement Entry(long number, string at) =>
        JsonSerializer.Deserialize<JsonElement>($$"""{"number": {{number}}, "at": "{{at}}", "text": "A catch-up was ordered."}""");
}
