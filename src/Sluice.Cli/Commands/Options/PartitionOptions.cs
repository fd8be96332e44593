using System.CommandLine;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Commands;

/// <summary>Into which folders files are put.</summary>
internal sealed class PartitionOptions
{
    private const string LoadedAt = "_sluice_loaded_at";

    private readonly Option<string[]> _partitions = Flag.Several(
        "--partition-by",
        "COLUMN[:day|month|year]",
        "Of files: put rows into folders by a column of times, repeated or with commas, as Hive does [default: by day]");

    public void AddTo(Command command) => command.Add(_partitions);

    /// <summary>Gives the address with what was asked for in it.</summary>
    public string AddTo(string uri, Flags flags, ValidationErrors mistakes) =>
        flags.List(_partitions) is { Count: > 0 } list
            ? mistakes.Collect(() => DestinationRegistry.WithPartitions(uri, string.Join(',', list)), uri)
            : uri;

    /// <summary>Says which tables lack the columns, before anything is asked for; that none has them is a mistake.</summary>
    public static void Check(string uri, IngestRequest request, CommandRun run, ValidationErrors mistakes)
    {
        if (mistakes.Any)
        {
            return;
        }

        foreach (var column in mistakes.Collect(() => DestinationRegistry.PartitionColumns(uri), []))
        {
            var without = request.Tables.Where(job => !Times(job).Contains(column, StringComparer.Ordinal)).ToList();
            if (without.Count == request.Tables.Count)
            {
                var others = request.Tables.SelectMany(Times).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
                mistakes.Add(
                    $"No table has a column {column} with times, so nothing can be partitioned by it.", $"There are: {string.Join(", ", others)}.");
            }
            else if (without.Count > 0)
            {
                run.Messages.Info(
                    $"Without partitions by {column}, since they have no such column with times: " +
                        $"{string.Join(", ", without.Select(job => job.Source))}."
                );
            }
        }
    }

    private static IEnumerable<string> Times(TableJob job) =>
        job
            .Resource.Columns.Where(column => (job.Only.Count == 0 || job.Only.Contains(column.Name)) && !job.Without.Contains(column.Name))
            .Where(column =>
                (job.TypeOverrides.TryGetValue(column.Name, out var type) ? type : column.Type) is ColumnType.UnixTime or ColumnType.Timestamp)
            .Select(column => column.Name)
            .Append(LoadedAt);
}
