using System.Runtime.CompilerServices;
using System.Text.Json;

namespace LeadSync.UnitTests.Compatibility;

/// <summary>
/// A golden file is the exact output of a version. Somebody adds it with the first version that writes this output. It never changes
/// afterwards, because queues and databases still hold such output.
/// </summary>
internal static class Golden
{
    private const string AddVariable = "ADD_GOLDEN";

    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(ThisFile())!, "Golden");

    /// <summary>The names of a kind's golden files.</summary>
    /// <param name="kind">A folder of them, for instance <c>Messages</c>.</param>
    public static IReadOnlyList<string> Names(string kind) =>
        [
            .. Directory.EnumerateFiles(Path.Combine(Folder, kind), "*.json").Select(file => Path.GetFileNameWithoutExtension(file))
                .Order(StringComparer.Ordinal)
        ];

    /// <summary>A golden file's text.</summary>
    /// <param name="kind">A folder of them, for instance <c>Messages</c>.</param>
    /// <param name="name">The file's name, without its ending.</param>
    /// <param name="today">This version's output. It becomes the file when there is none and <c>ADD_GOLDEN</c> is set.</param>
    public static string Read(string kind, string name, Func<string> today)
    {
        var file = Path.Combine(Folder, kind, $"{name}.json");
        if (!File.Exists(file) && Environment.GetEnvironmentVariable(AddVariable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, today().ReplaceLineEndings("\n").TrimEnd('\n') + '\n');
        }

        File.Exists(file).ShouldBeTrue(
            $"Nothing pins how {name} is written: run these tests once with {AddVariable}=1, read the file that they add "
                + $"({kind}/{name}.json), and commit it.");
        return File.ReadAllText(file);
    }

    /// <summary>
    /// The place of the first value of a golden file that today's output lacks or changes; null when the output has all values. The output
    /// may have more.
    /// </summary>
    public static string? FirstLoss(JsonElement golden, JsonElement today, string at = "")
    {
        if (golden.ValueKind != today.ValueKind)
            return $"{at} is {Kind(today)} instead of {golden.GetRawText()}";

        return golden.ValueKind switch
        {
            JsonValueKind.Object => golden.EnumerateObject()
                .Select(member => today.TryGetProperty(member.Name, out var value)
                    ? FirstLoss(member.Value, value, $"{at}/{member.Name}")
                    : $"{at}/{member.Name} is missing")
                .FirstOrDefault(loss => loss is not null),
            JsonValueKind.Array when golden.GetArrayLength() != today.GetArrayLength() => $"{at} has {today.GetArrayLength()} elements",
            JsonValueKind.Array => golden.EnumerateArray().Zip(today.EnumerateArray())
                .Select((pair, index) => FirstLoss(pair.First, pair.Second, $"{at}/{index}"))
                .FirstOrDefault(loss => loss is not null),
            _ => golden.GetRawText() == today.GetRawText() ? null : $"{at} is {today.GetRawText()} instead of {golden.GetRawText()}",
        };
    }

    private static string Kind(JsonElement value) =>
        value.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? $"an {value.ValueKind}".ToLowerInvariant() : value.GetRawText();

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
