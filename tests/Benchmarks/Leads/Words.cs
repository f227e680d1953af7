namespace LeadSync.Benchmarks.Leads;

/// <summary>Typical texts, and one in twenty that breaks careless readers.</summary>
internal static class Words
{
    private static readonly string[] Nasty =
    [
        "He said \"no, thanks\"", "\"", "two\nlines", "carriage\r\nreturn", "a,b;c\td", "=cmd|' /C calc'!A0", "@SUM(1+1)",
        "👩‍👩‍👧‍👦 & family", "שלום, עולם", "'; drop table leads; --", "back\\slash \\N", "{\"json\": [1]}", "null", "0012",
        "line\u2028separator", "zero\u200Bwidth",
    ];

    private static readonly string[] FirstNames = ["Anna", "José", "Wei", "Olga", "Jean-Luc", "Mary Ann", "Søren", "Fatima", "李娜", "Bob"];
    private static readonly string[] LastNames =
    [
        "Müller", "O'Neill", "García", "Nguyễn", "Smith", "van der Berg", "Øst", "Kowalski", "山田", "Lee"
    ];
    private static readonly string[] Trades = ["Foods", "& Sons, Inc.", "GmbH", "S.A.", "Logistics", "Trading Co., Ltd."];
    private static readonly string[] Sentences =
    [
        "Asked for a quote by the end of the month.", "Wants a demo, \"as soon as possible\".", "Called twice; no answer.",
        "Budget not yet approved.", "Met at the fair, interested in 20 seats.\nCall back next week.", "Decision maker is on leave.",
        "Bisheriger Anbieter kündigt zum Jahresende.",
    ];

    public static string[] Plain { get; } =
    [
        "mueller", "acme", "globex", "initech", "hooli", "umbrella", "stark", "wayne", "wonka", "soylent"
    ];

    public static string FirstName(Dice dice) => dice.Of(FirstNames);

    public static string LastName(Dice dice) =>
        dice.Among(0.05) ? dice.Of(Nasty) : $"{dice.Of(LastNames)}{(dice.Among(0.3) ? $"-{dice.Of(LastNames)}" : "")}";

    public static string Company(Dice dice) => dice.Among(0.05) ? dice.Of(Nasty) : $"{dice.Of(LastNames)} {dice.Of(Trades)}";

    public static string Description(Dice dice) => dice.Among(0.05)
        ? dice.Of(Nasty)
        : string.Join(
            ' ', Enumerable.Range(0, 1 + dice.Below(5)).Select(sentence => Sentences[(sentence + dice.Below(100)) % Sentences.Length]));
}
