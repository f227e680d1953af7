namespace LeadSync.DevStack.TestRun;

internal sealed record TestCounts(int Passed, int Failed, int Skipped)
{
    public static TestCounts None { get; } = new(0, 0, 0);

    /// <summary>Whether a test passed and no test failed.</summary>
    public bool AreGreen => Failed == 0 && Passed > 0;

    public static TestCounts operator +(TestCounts left, TestCounts right) =>
        new(left.Passed + right.Passed, left.Failed + right.Failed, left.Skipped + right.Skipped);

    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";
}
