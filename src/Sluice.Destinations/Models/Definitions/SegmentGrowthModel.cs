namespace Sluice.Destinations.Models.Definitions;

/// <summary>How many people segments have and had.</summary>
internal static class SegmentGrowthModel
{
    public static Model Model { get; } = new(
        "segment_growth",
        "One row per segment and time at which its size was seen: from the table segment_sizes, which grows with every run; else the size of now, "
            + "from segment_memberships.")
    {
        Needs = [["segment_sizes", "segment_memberships"]],
        Uses = ["segments"],
        From = scope => scope.Has("segment_sizes") ? Observed(scope) : Counted(scope),
        Columns =
        [
            Column.Workspace("z"),
            Column.Number("segment_id", "z.segment_id", "The segment.") with { IsKey = true },
            new("segment_name", ModelType.Text, "Its name.", scope => scope.FirstOf("z.name", "s.name")),
            Column.Time("observed_at", "z.observed_at", "When its size was seen."),
            Column.Number("people", "z.people", "People in it."),
        ],
    };

    private static string Observed(ModelScope scope) => scope.Take("z", "segment_sizes") + scope.JoinIf("segments", "z.segment_id", "s.id");

    private static string Counted(ModelScope scope)
    {
        var members = scope.Take("m", "segment_memberships");
        var keys = new[] { ModelScope.Workspace, "segment_id" }.Where(name => scope.Knows($"m.{name}")).ToList();
        var list = string.Join(", ", keys.Select(name => scope[$"m.{name}"]));
        var query = $"SELECT {list}, count(DISTINCT {scope["m.cio_id"]}) AS people, max({scope["m._sluice_loaded_at"]}) AS observed_at\n"
            + $"FROM {members}{scope.OnlyThere("m")}\nGROUP BY {list}";
        return scope.TakeQuery("z", "segment_memberships", query, [.. keys, "people", "observed_at"])
            + scope.JoinIf("segments", "z.segment_id", "s.id");
    }
}
