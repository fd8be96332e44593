using Sluice.Destinations.Models;

namespace Sluice.Destinations.DuckDb;

/// <summary>Models in DuckDB's words.</summary>
internal sealed class DuckDbModelSql : ModelSql
{
    public override string TypeOf(ModelType type) => type switch
    {
        ModelType.Integer => "BIGINT",
        ModelType.Number => "DOUBLE",
        ModelType.Boolean => "BOOLEAN",
        ModelType.Time => "TIMESTAMPTZ",
        ModelType.Day => "DATE",
        _ => "VARCHAR",
    };

    public override string Whole(string json, string member) => $"TRY_CAST(({json} ->> '$.{member}') AS BIGINT)";

    // A zone of its own: DuckDB makes a date of an instant by the session's.
    public override string Day(string time, int seconds) => $"CAST(({time} AT TIME ZONE 'UTC') + to_seconds({seconds}) AS DATE)";

    public override string DaysAgo(int days) => $"now() - INTERVAL {days} DAY";

    public override string SecondsBetween(string from, string to) => $"CAST(floor(epoch({to}) - epoch({from})) AS BIGINT)";

    public override string DomainOf(string address) => $"lower(nullif(split_part({address}, '@', -1), {address}))";

    public override string PlaceOf(string array, string id) =>
        $"nullif(list_position(json_extract_string({array}, '$[*].id'), CAST({id} AS VARCHAR)), 0)";

    // By a JSON pointer, in which any name can be written.
    public override MemberJoin Members(string json) => new(
        $",\nunnest(json_keys({json})) AS e(name)",
        "e.name",
        $"json_extract_string({json}, '/' || replace(replace(e.name, '~', '~0'), '/', '~1'))");

    public override IEnumerable<string> Create(string view, PlannedModel made) =>
        [.. base.Create(view, made), $"COMMENT ON VIEW {view} IS {Text(Comment(made))}"];

    protected override string At(string seconds) => $"to_timestamp({seconds})";
}
