namespace LeadSync.Chaos.Faults;

/// <summary>
/// Which fault strikes when: every kind once in an order that the seed decides, then every kind again in another order, without end.
/// Half-way through each round, a pause lets every aftermath end.
/// </summary>
internal static class Schedule
{
    public static IEnumerable<Scheduled> Of(ChaosOptions options)
    {
        for (var round = 0; ; round++)
        {
            var random = new Random(HashCode(options.Seed, round));
            var faults = Fault.All.ToArray();
            random.Shuffle(faults);
            faults = faults[..(options.Kinds ?? faults.Length)];
            foreach (var (index, fault) in faults.Index())
            {
                var calm = options.Calm * random.NextDouble();
                var silence = index > 0 && index == faults.Length / 2 ? Fault.LongestAftermath + options.Silence : TimeSpan.Zero;
                yield return new(fault, calm + silence, HashCode(options.Seed, (round * faults.Length) + index), round == 0);
            }
        }
    }

    // System.HashCode differs from process to process.
    private static int HashCode(int seed, int number) => unchecked((seed * 486_187_739) + number);
}

/// <param name="Calm">The time without a fault before it.</param>
/// <param name="Seed">Decides how hard it strikes.</param>
/// <param name="IsOfFirstRound">Whether it is the first of its kind.</param>
internal sealed record Scheduled(Fault Fault, TimeSpan Calm, int Seed, bool IsOfFirstRound);
