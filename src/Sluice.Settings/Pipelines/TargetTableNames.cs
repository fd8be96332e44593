using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines;

/// <summary>Knows which table of which destination is written by whom: two that write one table would undo each other's work.</summary>
internal sealed class TargetTableNames(PipelineErrors mistakes)
{
    private readonly Dictionary<(string Destination, string Table), (string Sync, string Source, Place Place)> _taken = [];

    public void Take(PipelineDestination destination, PipelineTable table, string sync, Place place)
    {
        // Most destinations find a table by its name in any case.
        var key = (destination.Identity, table.Place.ToLowerInvariant());
        if (_taken.TryAdd(key, (sync, table.Source.ToString(), place)))
        {
            return;
        }

        var first = _taken[key];
        var other =
            first.Sync == sync ? $"{first.Source} in line {first.Place.Line}" : $"{first.Source} of the sync {first.Sync} in line {first.Place.Line}";
        mistakes.Add(
            place,
            $"{table.Source} would be written into {table.Place} of {destination.Name}, and so is {other}.",
            first.Sync == sync
                ? "Give one of them another name with as:"
                : "Give one of the syncs another schema or table_prefix, or the table another name with as:");
    }
}
