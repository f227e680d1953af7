using System.Runtime.CompilerServices;

namespace LeadSync.Simulation;

/// <summary>A line of the trace. It costs nothing without a trace.</summary>
[InterpolatedStringHandler]
internal ref struct TraceLine
{
    private DefaultInterpolatedStringHandler text;

    public TraceLine(int literalLength, int formattedCount, World world, out bool isTraced)
    {
        isTraced = world.IsTraced;
        text = isTraced ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
    }

    public void AppendLiteral(string value) => text.AppendLiteral(value);

    public void AppendFormatted<T>(T value) => text.AppendFormatted(value);

    public void AppendFormatted<T>(T value, string format) => text.AppendFormatted(value, format);

    public override string ToString() => text.ToStringAndClear();
}
