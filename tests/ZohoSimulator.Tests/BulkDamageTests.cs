using System.IO.Compression;
using System.IO.Hashing;
using System.Net;
using System.Text;

namespace LeadSync.ZohoSimulator.Tests;

public sealed class BulkDamageTests
{
    [Fact]
    public async Task a_truncated_file_is_no_zip()
    {
        var (_, file) = await DamagedAsync("Truncated");
        Encoding.ASCII.GetString(file, 0, 2).ShouldBe("PK");
        Should.Throw<InvalidDataException>(() => BulkReads.Entries(file));
    }

    [Fact]
    public async Task an_empty_zip_has_no_entry() => BulkReads.Entries((await DamagedAsync("EmptyZip")).File).ShouldBe(0);

    [Fact]
    public async Task two_entries_are_two() => BulkReads.Entries((await DamagedAsync("TwoEntries")).File).ShouldBe(2);

    [Fact]
    public async Task a_page_of_HTML_is_no_zip() =>
        Encoding.UTF8.GetString((await DamagedAsync("Html")).File).ShouldStartWith("<!DOCTYPE html>");

    [Theory]
    [InlineData("BadCrc", false)]
    [InlineData("None", true)]
    public async Task a_bad_checksum_is_not_that_of_the_rows(string damage, bool right)
    {
        var (_, file) = await DamagedAsync(damage);
        using var zip = new ZipArchive(new MemoryStream(file));
        (Crc32.HashToUInt32(Content(zip.Entries.Single())) == zip.Entries.Single().Crc32).ShouldBe(right);
    }

    [Fact]
    public async Task a_wrong_count_is_not_that_of_the_rows()
    {
        await using var zoho = await BulkReads.StartAsync("BulkDamage=WrongCount");
        var job = await zoho.CompleteAsync("v8", BulkReads.AllLeads);
        (await zoho.RowsAsync(job)).Count.ShouldNotBe(job.GetProperty("result").GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task one_row_has_a_bad_date()
    {
        await using var zoho = await BulkReads.StartAsync("BulkDamage=BadDate");
        var rows = await zoho.RowsAsync(await zoho.CompleteAsync("v8", BulkReads.AllLeads));
        rows.Count(row => !DateTimeOffset.TryParse(row["Created_Time"], out _)).ShouldBe(1);
    }

    [Theory]
    [InlineData("MissingColumn", "Id,Last_Name")]
    [InlineData("ExtraColumn", "Id,Last_Name,City,Surprise__c")]
    [InlineData("ShuffledColumns", "City,Last_Name,Id")]
    public async Task columns_are_missing_more_or_shuffled(string damage, string header)
    {
        await using var zoho = await BulkReads.StartAsync($"BulkDamage={damage}");
        var fields = new[] { "Last_Name", "City" };
        var job = await zoho.CompleteAsync("v8", new { query = new { module = new { api_name = "Leads" }, fields } });
        string.Join(',', (await zoho.RowsAsync(job))[0].Keys).ShouldBe(header);
    }

    [Fact]
    public async Task damage_can_be_limited_to_so_many_jobs()
    {
        await using var zoho = await BulkReads.StartAsync("BulkDamage=Gone", "BulkDamageTimes=1");
        (await zoho.DownloadAsync(await zoho.CompleteAsync("v8", BulkReads.AllLeads))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await zoho.DownloadAsync(await zoho.CompleteAsync("v8", BulkReads.AllLeads))).Status.ShouldBe(HttpStatusCode.OK);
    }

    // Everything that can be read, even if the checksum at the end is wrong.
    private static byte[] Content(ZipArchiveEntry entry)
    {
        using var rows = entry.Open();
        var content = new MemoryStream();
        try
        {
            rows.CopyTo(content);
        }
        catch (InvalidDataException)
        {
            content.Length.ShouldBeGreaterThan(10_000);
        }

        return content.ToArray();
    }

    private static async Task<(HttpStatusCode Status, byte[] File)> DamagedAsync(string damage)
    {
        await using var zoho = await BulkReads.StartAsync($"BulkDamage={damage}");
        var (status, file) = await zoho.DownloadAsync(await zoho.CompleteAsync("v8", BulkReads.AllLeads));
        status.ShouldBe(HttpStatusCode.OK);
        return (status, file);
    }
}
