using System.Text;

namespace LeadSync.Cli.Doctor;

/// <summary>The table of <c>docs/doctor.md</c>.</summary>
internal static class DoctorDocument
{
    public static string Table()
    {
        var text = new StringBuilder("| Code | Checks | Likely cause | Fix |\n|---|---|---|---|\n");
        foreach (var diagnosis in Diagnoses.All)
            text.Append($"| {diagnosis.Code} | {diagnosis.Checks} | {diagnosis.Cause} | {diagnosis.Fix} |\n");
        return text.ToString();
    }
}
