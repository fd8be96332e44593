namespace Sluice.Writes.Import;

/// <summary>What going through the source once has shown.</summary>
/// <param name="Rows">Rows that can be read.</param>
/// <param name="BadLines">Lines that can't.</param>
/// <param name="Columns">The columns with the kinds that all of their values have.</param>
internal sealed record SourceSurvey(long Rows, IReadOnlyList<BadLine> BadLines, IReadOnlyList<SourceColumn> Columns)
{
    /// <summary>The second identifiers that rows of different people have in common, in lower case.</summary>
    public IReadOnlySet<string> Clashes { get; init; } = new HashSet<string>();
}

/// <summary>A line that can't be read.</summary>
internal sealed record BadLine(int File, long Line, string Reason);
