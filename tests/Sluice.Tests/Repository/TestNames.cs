using System.Text.RegularExpressions;

namespace Sluice.Tests.Repository;

/// <summary>The tests that a page may name, as <c>Class</c> and <c>Class.Method</c>.</summary>
internal static partial class TestNames
{
    // By their text, because the tests that start processes are in an assembly of their own. A suite that classes inherit is one of several files.
    private static readonly Lazy<HashSet<string>> Known = new(() =>
        Checkout.Files("tests", "*Tests.cs").Concat(Checkout.Files("tests", "*Compliance*.cs"))
            .SelectMany(NamesOf).ToHashSet(StringComparer.Ordinal));

    public static bool Has(string name) => Known.Value.Contains(name);

    private static IEnumerable<string> NamesOf(string file)
    {
        var name = Path.GetFileName(file).Split('.')[0];
        return Test().Matches(Checkout.Read(file)).Select(test => $"{name}.{test.Groups[1].Value}").Prepend(name);
    }

    [GeneratedRegex(
        @"\[(?:Fact|Theory)[^\]]*\]\n(?:    (?:\[|    )[^\n]*\n)*    public (?:async )?(?:Task|void) (\w+)\(",
        RegexOptions.NonBacktracking)]
    private static partial Regex Test();
}
