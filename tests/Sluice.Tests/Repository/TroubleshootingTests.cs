using System.Text.RegularExpressions;
using Xunit;

namespace Sluice.Tests.Repository;

/// <summary>The page of symptoms quotes what Sluice says, word for word.</summary>
public sealed partial class TroubleshootingTests
{
    private const string Page = "docs/troubleshooting.md";

    // Texts are broken over lines in the sources, and joined by +.
    private static readonly string Sources = Joint().Replace(string.Concat(Checkout.Files("src", "*.cs").Select(Checkout.Read)), "");

    public static TheoryData<string> Quoted =>
    [
        .. Checkout.Read(Page).Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]).Where(text => text.Contains(' ', StringComparison.Ordinal)),
    ];

    [Fact]
    public void The_page_quotes_many_messages() =>
        Assert.True(Quoted.Count > 35, $"{Page} has {Quoted.Count} messages: is it still read as it is written?");

    [Theory]
    [MemberData(nameof(Quoted))]
    public void A_message_stands_in_the_sources(string message) =>
        Assert.All(
            message.Split('…', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(part => part.Length > 3),
            part => Assert.Contains(part, Sources, StringComparison.Ordinal));

    [GeneratedRegex("\"\\s*\\+\\s*\\$?\"", RegexOptions.NonBacktracking)]
    private static partial Regex Joint();
}
