namespace Sluice.Destinations.Models.Definitions;

/// <summary>The actions of campaigns in the order of the journey.</summary>
internal static class StepsModel
{
    // Behind all others: an action that the campaign no longer lists.
    private const string Last = "1000000";

    private static readonly IReadOnlyList<string> Taken =
        [ModelScope.Workspace, "campaign_id", "id", "parent_action_id", "name", "type", "language", "sending_state", "_sluice_deleted_at"];

    public static Model Model { get; } = new(
        "campaign_steps", "One row per action of a campaign in the order of the journey, delays and splits too, with how many people came that far.")
    {
        Needs = [["campaign_actions"], ["deliveries"]],
        Uses = ["campaigns"],
        IsGrouped = true,
        From = From,
        Columns =
        [
            Column.Workspace("a"),
            Column.Number("campaign_id", "a.campaign_id", "The campaign.") with { IsKey = true },
            Column.Text("campaign_name", "c.name", "Its name."),
            Column.Number("step", "a.step", "The place in the journey, from 1: as the campaign lists its actions, else by the action's id."),
            Column.Number("action_id", "a.id", "The action.") with { IsKey = true },
            Column.Number("parent_action_id", "a.parent_action_id", "The action above, such as a split."),
            Column.Text("action_name", "a.name", "Its name."),
            Column.Text("action_type", "a.type", "Its kind: email, push, delay, split and so on."),
            Column.Text("language", "a.language", "The language of the variant; empty for the default one."),
            Column.Text("sending_state", "a.sending_state", "automatic, draft or off."),
            Column.Deleted("a", "action"),
            .. Measures.All,
            Column.Number("campaign_people", "j.people", "People who were to get at least one message of the campaign."),
            new("reach_rate", ModelType.Number, "people / campaign_people: the share that came to this step; NULL where nobody got a message.", Reach)
            {
                IsMeasure = true,
            },
        ],
    };

    private static string Reach(ModelScope scope) => scope.Sql.Ratio($"count(DISTINCT {scope["d.cio_id"]})", $"max({scope["j.people"]})");

    private static string From(ModelScope scope)
    {
        var actions = Actions(scope);
        var steps = scope.TakeQuery(
            "a", "campaign_actions", actions, Taken.Where(column => scope.Knows($"x.{column}")).Append("step"));
        var named = steps + scope.JoinIf("campaigns", "a.campaign_id", "c.id") + People(scope);
        return PerformanceModels.Of(scope, named, "a", ("campaign_id", "campaign_id"), ("action_id", "id"));
    }

    private static string Actions(ModelScope scope)
    {
        var from = scope.TakeOnce("x", "campaign_actions") + scope.JoinIf("campaigns", "x.campaign_id", "k.id");
        var place = scope.Knows("k.actions") && scope.Knows("x.id") ? scope.Sql.PlaceOf(scope["k.actions"], scope["x.id"]) : null;
        var order = place is null ? scope["x.id"] : $"coalesce({place}, {Last}), {scope["x.id"]}";
        var campaign = scope.Knows($"x.{ModelScope.Workspace}")
            ? $"{scope[$"x.{ModelScope.Workspace}"]}, {scope["x.campaign_id"]}"
            : scope["x.campaign_id"];
        var columns = Taken.Where(column => scope.Knows($"x.{column}"))
            .Select(column => $"{scope[$"x.{column}"]} AS {scope.Sql.Quote(column)}")
            .Append($"row_number() OVER (PARTITION BY {campaign} ORDER BY {order}) AS {scope.Sql.Quote("step")}");
        return $"SELECT {string.Join(", ", columns)}\nFROM {from}";
    }

    private static string People(ModelScope scope)
    {
        var deliveries = scope.Take("y", "deliveries");
        var workspace = scope.Knows($"y.{ModelScope.Workspace}") ? $"{scope[$"y.{ModelScope.Workspace}"]}" : null;
        string[] keys = [.. workspace is null ? Array.Empty<string>() : [workspace], scope["y.campaign_id"]];
        var query = $"SELECT {(workspace is null ? "" : $"{workspace} AS {ModelScope.Workspace}, ")}{scope["y.campaign_id"]} AS campaign_id, "
            + $"count(DISTINCT {scope["y.cio_id"]}) AS people\nFROM {deliveries}\nWHERE {scope["y.campaign_id"]} IS NOT NULL\n"
            + $"GROUP BY {string.Join(", ", keys)}";
        string[] columns = [.. workspace is null ? Array.Empty<string>() : [ModelScope.Workspace], "campaign_id", "people"];
        var people = scope.TakeQuery("j", "deliveries", query, columns);
        return $"\nLEFT JOIN {people} ON {scope["j.campaign_id"]} = {scope["a.campaign_id"]}{scope.SameWorkspace("j", "a")}";
    }
}
