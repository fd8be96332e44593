using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;

namespace Sluice.Engine.Runs;

/// <summary>
/// Appends to a table of observations what a reading has shown, together with the rows that were read: it is made of what is staged, and costs no
/// request.
/// </summary>
internal sealed partial class ObservationLoad : IAsyncDisposable
{
    private readonly TableJob _job;
    private readonly IReadOnlyList<TableColumn> _columns;

    private ObservationLoad(TableJob job, StagedLoad load, LoadTarget target, IReadOnlyList<TableColumn> columns) =>
        (_job, Load, Table, _columns) = (job, load, target.Table, columns);

    public StagedLoad Load { get; }

    /// <summary>The table with the observations.</summary>
    public string Table { get; }

    /// <summary>Begins to observe beside a load whose rows are all staged; null when the table has nothing to observe, or not the columns.</summary>
    /// <param name="job">The table that is loaded.</param>
    /// <param name="source">Its load.</param>
    /// <param name="target">What its load goes to.</param>
    /// <param name="at">When its reading began.</param>
    /// <param name="context">The run.</param>
    /// <param name="cancel">Stops between statements.</param>
    public static async Task<ObservationLoad?> BeginAsync(
        TableJob job, StagedLoad source, LoadTarget target, DateTimeOffset at, LoadContext context, CancellationToken cancel)
    {
        if (!job.Observes || job.Resource.Observed is not { } rule || Select(job, rule, source, at) is not var (select, columns))
        {
            return null;
        }

        var own = TargetOf(job, rule, target, context.Request.TableNames);
        await context.Destination.LockAsync(own.Schema, own.Table, cancel);
        var load = await context.Staging.BeginBesideAsync(source, own, cancel);
        try
        {
            await load.RequireFitAsync(columns, cancel);
            await load.WriteSelectedAsync(select, columns, cancel);
            return new ObservationLoad(job, load, own, columns);
        }
        catch
        {
            await load.DisposeAsync();
            throw;
        }
    }

    public async Task<Checkpoint> PrepareAsync(CancellationToken cancel)
    {
        var staged = await Load.PrepareAsync(_columns, cancel);
        return new Checkpoint
        {
            Ledger = new LedgerLine { Source = LedgerLine.OfObservations + _job.Source, Fetched = staged.Rows + staged.Doubled },
        };
    }

    public ValueTask DisposeAsync() => Load.DisposeAsync();

    // A prefix stands before both names.
    private static LoadTarget TargetOf(TableJob job, ObservationRule rule, LoadTarget source, NameLimit limit)
    {
        var usual = job.Source.TableIdentifier;
        var prefix = job.Table.EndsWith(usual, StringComparison.Ordinal) ? job.Table[..^usual.Length] : $"{job.Table}_";
        var isOfNamed = HasWorkspace(job);
        return source with
        {
            Table = limit.Short("", prefix + rule.Table, ""),
            Strategy = Strategy.Append,
            PrimaryKey = [.. isOfNamed ? [WorkspaceColumn.Name] : (string[])[], rule.Columns[0].Name, ObservationRule.ObservedAt.Name],
            IncrementalKey = null,
            MarksDeleted = false,
            StartsOver = false,
            KeepsVersions = false,
            Rules = new Dictionary<string, MergeRule>(StringComparer.OrdinalIgnoreCase),
            LoadId = $"{source.LoadId}-observed",
        };
    }

    private static bool HasWorkspace(TableJob job) => job.Resource.Columns.Any(column => column.Name == WorkspaceColumn.Name);

    // Rows that came twice are staged twice yet: what is counted is each thing once.
    private static (string Sql, IReadOnlyList<TableColumn> Columns)? Select(TableJob job, ObservationRule rule, StagedLoad source, DateTimeOffset at)
    {
        var columns = new List<TableColumn>();
        var values = new List<string>();
        if (HasWorkspace(job))
        {
            columns.Add(new TableColumn(WorkspaceColumn.Name, ColumnType.Text, []));
            values.Add(StagingTables.Quote(WorkspaceColumn.Name));
        }

        foreach (var column in rule.Columns)
        {
            var read = Placeholder().Matches(column.Source).Select(match => Find(job, match.Groups[1].Value)).ToList();
            if (read.Contains(null))
            {
                return null;
            }

            var isCount = column.Source.StartsWith("count(", StringComparison.Ordinal);
            var type = isCount ? column.Type : job.TypeOverrides.GetValueOrDefault(read[0]!.Name, column.Type);
            columns.Add(new TableColumn(column.Name, type, []));
            values.Add(Placeholder().Replace(column.Source, match => StagingTables.Quote(Find(job, match.Groups[1].Value)!.Name)));
        }

        var keys = values.Take(columns.FindIndex(column => column.Name == rule.Columns[0].Name) + 1).ToList();
        columns.Add(new TableColumn(ObservationRule.ObservedAt.Name, ColumnType.Timestamp, []));
        var time = at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        values.Add($"TIMESTAMPTZ '{time}+00'");
        var named = values.Zip(columns, (value, column) => $"CAST({value} AS {SqlType.Of(column.Type)}) AS {StagingTables.Quote(column.Name)}");
        return ($"SELECT {string.Join(", ", named)} FROM {source.Rows} GROUP BY {string.Join(", ", keys)}", columns);
    }

    // The column as it is called in the destination; null when it is left out there.
    private static Column? Find(TableJob job, string name) =>
        job.Resource.Columns.FirstOrDefault(column => column.Source == name || column.Name == name) is { } found && Keeps(job, found.Name)
            ? found
            : null;

    private static bool Keeps(TableJob job, string column) =>
        job.PrimaryKey.Contains(column, StringComparer.Ordinal)
        || ((job.Only.Count == 0 || job.Only.Contains(column)) && !job.Without.Contains(column));

    [GeneratedRegex(@"\{(\w+)\}", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Placeholder();
}
