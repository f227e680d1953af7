using System.Globalization;
using LeadSync.Contracts;
using LeadSync.Projector.LegacyView;
using LeadSync.ServiceDefaults;

namespace LeadSync.Projector.Rebuilds;

/// <summary>A rebuild as a job of its own: <c>rebuild [--as-of instant] [--undo]</c>.</summary>
internal static class RebuildJob
{
    private const string Usage = "write: rebuild [--as-of 2026-11-24T12:00:00Z | --undo]";
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    /// <param name="arguments">The arguments after <c>rebuild</c>.</param>
    /// <exception cref="SettingsException">The arguments are invalid.</exception>
    public static RebuildView Parse(IReadOnlyList<string> arguments) => arguments switch
    {
        [] => new(Guid.NewGuid()),
        ["--undo"] => new(Guid.NewGuid(), Undo: true),
        ["--as-of", var text] when DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) =>
            new(Guid.NewGuid(), AsOf: moment.ToUniversalTime()),
        _ => throw new SettingsException($"rebuild does not understand {string.Join(' ', arguments)}: {Usage}"),
    };

    /// <returns>The exit code: 0 when the view is rebuilt; 1 when it cannot be, with a sentence on standard error.</returns>
    public static async Task<int> Run(IServiceProvider services, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var command = Parse(arguments);
        var clock = services.GetRequiredService<TimeProvider>();
        var progress = new RebuildProgress(clock);
        var started = clock.GetTimestamp();
        try
        {
            var running = services.GetRequiredService<ViewRebuild>().Run(command, progress, ct);
            while (await Task.WhenAny(running, Task.Delay(ReportInterval, clock, ct)) != running)
                Console.WriteLine(Line(progress));

            var rebuilt = (await running)!;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{rebuilt.Table} has {rebuilt.Rows:N0} leads, rebuilt in {clock.GetElapsedTime(started).TotalSeconds:0.0} s. ")
                + (command.AsOf is not null ? "" : Differences(rebuilt)));
            if (rebuilt.SwappedAt is not null)
                await services.GetRequiredService<ViewTables>().Analyze(ct);
            return 0;
        }
        catch (RebuildRefusedException e)
        {
            await Console.Error.WriteLineAsync($"{e.Message}.");
            return 1;
        }
    }

    private static string Differences(ViewRebuilt rebuilt) => rebuilt.Differences == 0
        ? "It is the same as before."
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{rebuilt.Differences:N0} leads differ from before: see projector.rebuild_differences; rebuild --undo goes back.");

    private static string Line(RebuildProgress progress) => !progress.IsFolding || progress.Done == 0
        ? progress.Phase
        : string.Create(CultureInfo.InvariantCulture,
            $"{progress.Phase} {progress.Done:N0} of {progress.Total:N0} leads, {progress.PerSecond:N0}/s, "
                + $"{(progress.Total - progress.Done) / progress.PerSecond:0} s left");
}
