using System.Diagnostics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LeadSync.DevStack.Up;

/// <summary>Output to a terminal, which is redrawn, or to a file, which gets a line now and then.</summary>
internal sealed class Screen(IAnsiConsole console)
{
    private static readonly TimeSpan BetweenPictures = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    private bool IsTerminal => console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi;

    /// <summary>Writes a line without shortening it, so that it can be copied.</summary>
    public void Line(string text) => console.Profile.Out.Writer.WriteLine(text);

    /// <summary>Writes a remark, also while the picture is redrawn.</summary>
    public void Remark(string text) => console.WriteLine($"          {text}");

    /// <summary>Does some work, and shows how long it took.</summary>
    /// <param name="doing">The text while the work runs.</param>
    /// <param name="done">The text afterwards.</param>
    public async Task<T> StepAsync<T>(string doing, Func<Task<T>> step, Func<T, string> done)
    {
        var started = Stopwatch.GetTimestamp();
        var result = IsTerminal
            ? await console.Status().StartAsync(Markup.Escape(doing), _ => step())
            : await step();
        Line($"{Stopwatch.GetElapsedTime(started).TotalSeconds,6:0.0} s  {done(result)}");
        return result;
    }

    /// <summary>Shows the progress of work until it is done.</summary>
    /// <param name="picture">The progress for a terminal.</param>
    /// <param name="line">The progress for a file.</param>
    public async Task WatchAsync(Func<Task> work, Func<IRenderable> picture, Func<string> line)
    {
        using var done = new CancellationTokenSource();
        var showing = IsTerminal
            ? console.Live(picture()).StartAsync(live => EveryAsync(BetweenPictures, () => live.UpdateTarget(picture()), done.Token))
            : EveryAsync(BetweenLines, () => Line(line()), done.Token);
        try
        {
            await work();
        }
        finally
        {
            await done.CancelAsync();
            await showing;
        }
    }

    private static async Task EveryAsync(TimeSpan period, Action show, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            await Task.Delay(period, TimeProvider.System, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            show();
        }
    }
}
