using System.Globalization;
using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Settings;

/// <summary>Checks what the options of an export say together.</summary>
internal static class ExportCheck
{
    public static void Look(TableName table, Resource resource, OptionValues said, ValidationErrors mistakes)
    {
        var kinds = resource.ExportParents.Where(parent => said.All(parent.Option).Count > 0).Select(parent => parent.Option).ToList();
        if (resource.ExportParents.Count > 0 && kinds.Count != 1)
        {
            mistakes.Add(
                $"{table} is of one kind of thing, but {(kinds.Count == 0 ? "none was" : string.Join(" and ", kinds) + " were")} named.",
                $"Give exactly one of {string.Join(", ", resource.ExportParents.Select(parent => parent.Option))}: an id, several, or the word all.");
        }

        if (said.All(resource.OptionOf(OptionKind.Segments)).Count > 0 && said.One("filter") is not null)
        {
            mistakes.Add($"{table}: segments and filter exclude each other.", """Put the segments into the filter, as {"segment":{"id":7}}.""");
        }

        if (Seconds(said, "start") is { } start && Seconds(said, "end") is { } end && start > end)
        {
            mistakes.Add($"{table}: start is after end.", "Exchange them.");
        }

        if (
            resource.Reading == ReadingKind.Hydrate
            && said.One(ExportedResource.Via) == ExportedResource.ByExport
            && said.All("attributes").Count == 0)
        {
            mistakes.Add(
                $"{table}: an export has only the attributes that are named, and none is.",
                $"Give attributes, for example --option {table}.attributes=plan,city, or leave out via: the attributes endpoint gives all.");
        }
    }

    private static long? Seconds(OptionValues said, string name) =>
        long.TryParse(said.One(name), CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
}
