namespace LeadSync.Cli.Doctor;

internal enum Outcome
{
    Ok,

    /// <summary>A warning: it works, but not well, or not for long.</summary>
    Warning,

    Failed,

    /// <summary>The doctor did not check it, because something else is wrong, or because nobody asked for it.</summary>
    Skipped,
}

/// <param name="Detail">The doctor's observation.</param>
internal sealed record Finding(Diagnosis Diagnosis, Outcome Outcome, string Detail)
{
    public bool IsWrong => Outcome is Outcome.Failed or Outcome.Warning;
}

/// <summary>The doctor's findings: one for each diagnosis. The first failure counts.</summary>
internal sealed class Findings
{
    private readonly Dictionary<Diagnosis, Finding> found = [];

    public IEnumerable<Finding> All => found.Values.OrderBy(finding => finding.Diagnosis.Code, StringComparer.Ordinal);

    public bool IsHealthy => found.Values.All(finding => finding.Outcome != Outcome.Failed);

    public bool IsWrong(params IEnumerable<Diagnosis> diagnoses) =>
        diagnoses.Any(diagnosis => found.TryGetValue(diagnosis, out var finding) && finding.IsWrong);

    public bool IsKnown(Diagnosis diagnosis) => found.ContainsKey(diagnosis);

    public void Ok(Diagnosis diagnosis, string detail) => Add(diagnosis, Outcome.Ok, detail);

    public void Warn(Diagnosis diagnosis, string detail) => Add(diagnosis, Outcome.Warning, detail);

    public void Fail(Diagnosis diagnosis, string detail) => Add(diagnosis, Outcome.Failed, detail);

    public void Skip(string why, params IEnumerable<Diagnosis> diagnoses)
    {
        foreach (var diagnosis in diagnoses.Except(found.Keys))
            found[diagnosis] = new Finding(diagnosis, Outcome.Skipped, why);
    }

    private void Add(Diagnosis diagnosis, Outcome outcome, string detail)
    {
        if (!found.TryGetValue(diagnosis, out var before) || before.Outcome is Outcome.Ok or Outcome.Skipped)
            found[diagnosis] = new Finding(diagnosis, outcome, detail);
    }
}
