using System.Diagnostics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LeadSync.DevStack.Up;

/// <summary>A terminal, where things move; or a file, to which a line is added now and then.</summary>
internal sealed class Screen(IAnsiConsole console)
{
    private static readonly TimeSpan BetweenPictures = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    private bool IsTerminal => console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi;

    /// <summary>A line that stays as it is, however long: something to copy.</summary>
    public void Line(string text) => console.Profile.Out.Writer.WriteLine(text);

    /// <summary>A remark, also while something moves.</summary>
    public void Remark(string text) => console.WriteLine($"          {text}");

    /// <summary>Does something that takes a moment, and says how long it took.</summary>
    /// <param name="doing">What is being done.</param>
    /// <param name="done">What there is afterwards.</param>
    public async Task<T> StepAsync<T>(string doing, Func<Task<T>> step, Func<T, string> done)
    {
        var started = Stopwatch.GetTimestamp();
        var result = IsTerminal
            ? await console.Status().StartAsync(Markup.Escape(doing), _ => step())
            : await step();
        Line($"{Stopwatch.GetElapsedTime(started).TotalSeconds,6:0.0} s  {done(result)}");
        return result;
    }

    /// <summary>Shows how work goes on, until it is done.</summary>
    /// <param name="picture">How it stands, for a terminal.</param>
    /// <param name="line">How it stands, for a file.</param>
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
