using System.Text.RegularExpressions;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.ServerTests.Destinations;

/// <summary>The statements that a hint names, to be carried out as they stand there.</summary>
internal static partial class Remedies
{
    /// <summary>The statements of a failed table's hint; fails when there are none, or when it says to run again what can't pass.</summary>
    public static string Of(TableReport refused)
    {
        Assert.Equal((TableOutcome.Failed, SluiceErrorKind.Destination), (refused.Outcome, refused.ErrorKind));
        var statements = Statement().Matches(refused.Hint!).Select(match => match.Value).ToList();
        Assert.True(statements.Count > 0, $"{refused.Error} {refused.Hint}");
        return string.Join('\n', statements);
    }

    [GeneratedRegex("(ALTER|DROP|GRANT|CREATE) [^;]*;", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Statement();
}
