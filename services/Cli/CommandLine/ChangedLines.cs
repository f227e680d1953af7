namespace LeadSync.Cli.CommandLine;

/// <summary>Writes to standard error what is said again and again, when it is news: a change of numbers alone is not.</summary>
internal sealed class ChangedLines(CommandOutput output)
{
    private string last = "";

    /// <summary>Whether something was told since it began (again).</summary>
    public bool HasTold => last.Length > 0;

    public void Tell(string text)
    {
        var words = string.Concat(text.Where(char.IsLetter));
        if (words != last)
            output.Tell(text);
        last = words;
    }

    /// <summary>Whatever is told next is news.</summary>
    public void BeginAgain() => last = "";
}
