using System.Diagnostics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LeadSync.DevStack.Up;

/// <summary>Waits until the view has every lead, and shows the progress.</summary>
internal sealed class InitialSync(View view, int leads)
{
    private const int BarWidth = 40;

    private readonly long started = Stopwatch.GetTimestamp();
    private long synced;
    private string phase = "";

    public string Summary =>
        $"{synced:N0} of {leads:N0} leads in legacy.leads after {Elapsed.TotalSeconds:0.0} s, {synced / Elapsed.TotalSeconds:N0} a "
            + $"second, {phase}";

    private TimeSpan Elapsed => Stopwatch.GetElapsedTime(started);

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        do
        {
            synced = await view.CountAsync(cancellationToken);
            phase = await view.PhaseAsync(cancellationToken);
        }
        while (synced < leads && phase != "in sync" && await timer.WaitForNextTickAsync(cancellationToken));
    }

    public IRenderable Picture()
    {
        var filled = (int)(BarWidth * Math.Min(synced, leads) / leads);
        return new Rows(
            new Markup($"  [green]{new string('#', filled)}[/][grey]{new string('-', BarWidth - filled)}[/]"),
            new Text($"  {Summary}"));
    }
}
