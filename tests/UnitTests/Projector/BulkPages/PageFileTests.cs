using System.IO.Compression;
using System.Text;
using LeadSync.Projector.BulkPages;

namespace LeadSync.UnitTests.Projector.BulkPages;

public sealed class PageFileTests
{
    private const string Csv = "Id,Modified_Time\n1,2026-08-15T14:20:00Z\n";

    [Fact]
    public async Task one_file_in_the_zip_is_read_whole()
    {
        await using var file = await PageFile.Keep(new MemoryStream(Zip(("1.csv", Csv))), TestContext.Current.CancellationToken);
        (await ReadToEnd(file)).ShouldBe(Csv);
        (await ReadToEnd(file)).ShouldBe(Csv, "the file is read once more to apply the differences");
    }

    [Fact]
    public async Task a_job_without_rows_has_no_file()
    {
        await using var file = await PageFile.Keep(null, TestContext.Current.CancellationToken);
        (await ReadToEnd(file)).ShouldBeEmpty();
    }

    [Fact]
    public async Task an_html_page_is_rejected() =>
        (await Rejection(Encoding.UTF8.GetBytes("<html><body>Service unavailable</body></html>"))).ShouldContain("not a complete zip");

    [Fact]
    public async Task nothing_is_rejected() => (await Rejection([])).ShouldContain("not a complete zip");

    [Fact]
    public async Task two_files_are_rejected() => (await Rejection(Zip(("1.csv", Csv), ("2.csv", Csv)))).ShouldContain("2 files");

    [Fact]
    public async Task an_empty_zip_is_rejected() => (await Rejection(Zip())).ShouldContain("0 files");

    [Fact]
    public async Task a_zip_that_is_cut_off_anywhere_is_rejected()
    {
        var whole = Zip(("1.csv", string.Concat(Enumerable.Repeat(Csv, 500))));
        for (var cut = 0; cut < 20; cut++)
            (await Rejection(whole[..(whole.Length * cut / 20)])).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task a_damaged_zip_is_rejected_by_its_checksum()
    {
        var zip = Zip(CompressionLevel.NoCompression, ("1.csv", Csv));
        var cell = zip.AsSpan().IndexOf("2026"u8);
        zip[cell] = (byte)'3';
        (await Rejection(zip)).ShouldContain("checksum");
    }

    private static async Task<string> Rejection(byte[] zip) => (await Should.ThrowAsync<PageRejectedException>(async () =>
    {
        await using var file = await PageFile.Keep(new MemoryStream(zip), TestContext.Current.CancellationToken);
        await ReadToEnd(file);
    })).Message;

    private static async Task<string> ReadToEnd(PageFile file)
    {
        using var reader = new StreamReader(file.OpenCsv());
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private static byte[] Zip(params (string Name, string Content)[] files) => Zip(CompressionLevel.Optimal, files);

    private static byte[] Zip(CompressionLevel level, params (string Name, string Content)[] files)
    {
        var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = new StreamWriter(archive.CreateEntry(name, level).Open());
                entry.Write(content);
            }
        }

        return bytes.ToArray();
    }
}
