using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.Coql;

/// <summary>The words of a query, one after the other.</summary>
internal sealed class CoqlTokens(string text)
{
    private const string Symbols = "()=<>!,";

    private readonly List<(string Text, int At)> tokens = [.. Split(text)];
    private int next;

    public bool AtEnd => next == tokens.Count;

    /// <summary>The next word in lower case, or nothing.</summary>
    public string Peek => AtEnd ? "" : tokens[next].Text.ToLowerInvariant();

    public string Take() => AtEnd ? throw Error() : tokens[next++].Text;

    /// <summary>Takes the next word if it is this one.</summary>
    public bool Accept(string word)
    {
        if (Peek != word)
            return false;

        next++;
        return true;
    }

    public void Expect(string word)
    {
        if (!Accept(word))
            throw Error();
    }

    public int Number() => int.TryParse(Peek, out var number) && number >= 0 && Take().Length > 0 ? number : throw Error();

    public ZohoError Error() => CoqlError.Syntax(new
    {
        near = AtEnd ? "end of query" : tokens[next].Text,
        line = 1,
        column = AtEnd ? text.Length : tokens[next].At + 1,
    });

    private static IEnumerable<(string, int)> Split(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var length = Length(text, at);
            yield return (text.Substring(at, length), at);
            at += length;
        }
    }

    private static int Length(string text, int at) => text[at] switch
    {
        '\'' => QuotedLength(text, at),
        var letter when Symbols.Contains(letter) => SymbolLength(text, at),
        _ => WordLength(text, at),
    };

    // A quote inside is written with a backslash.
    private static int QuotedLength(string text, int at)
    {
        for (var end = at + 1; end < text.Length; end++)
        {
            if (text[end] == '\\')
                end++;
            else if (text[end] == '\'')
                return end + 1 - at;
        }

        throw CoqlError.Syntax(new { near = text[at..] });
    }

    private static int SymbolLength(string text, int at) =>
        at + 1 < text.Length && text.Substring(at, 2) is "<=" or ">=" or "!=" or "<>" ? 2 : 1;

    private static int WordLength(string text, int at)
    {
        var end = at;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] != '\'' && !Symbols.Contains(text[end]))
            end++;
        return end - at;
    }
}
