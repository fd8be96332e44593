using Sluice.Destinations.Models;

namespace Sluice.Destinations.Postgres;

/// <summary>Models in PostgreSQL's words.</summary>
internal sealed class PostgresModelSql : ModelSql
{
    public override string Quote(string name) => PostgresDialect.Quoted(name);

    public override string TypeOf(ModelType type) => type switch
    {
        ModelType.Integer => "bigint",
        ModelType.Number => "double precision",
        ModelType.Boolean => "boolean",
        ModelType.Time => "timestamptz",
        ModelType.Day => "date",
        _ => "text",
    };

    // A cast of anything but digits would be an error for all rows.
    public override string Whole(string json, string member) =>
        $"CASE WHEN {json} ->> '{member}' ~ '^[0-9]{{1,15}}$' THEN ({json} ->> '{member}')::bigint END";

    public override string Day(string time, int seconds) => $"(({time} AT TIME ZONE 'UTC') + interval '{seconds} seconds')::date";

    public override string DaysAgo(int days) => $"now() - interval '{days} days'";

    public override string SecondsBetween(string from, string to) => $"floor(extract(epoch FROM {to} - {from}))::bigint";

    public override string DomainOf(string address) => $"lower(substring({address} from '@([^@]*)$'))";

    public override string PlaceOf(string array, string id) =>
        $"(SELECT min(o.place) FROM jsonb_array_elements(CASE WHEN jsonb_typeof({array}) = 'array' THEN {array} ELSE '[]'::jsonb END) "
        + $"WITH ORDINALITY AS o(value, place) WHERE o.value ->> 'id' = {id}::text)";

    public override MemberJoin Members(string json) => new(
        $"\nCROSS JOIN LATERAL jsonb_each_text(CASE WHEN jsonb_typeof({json}) = 'object' THEN {json} ELSE '{{}}'::jsonb END) AS e(name, value)",
        "e.name",
        "e.value");

    public override IEnumerable<string> Create(string view, PlannedModel made) =>
        [
            .. base.Create(view, made),
            $"COMMENT ON VIEW {view} IS {Text(Comment(made))}",
            .. made.Columns.Select(column => $"COMMENT ON COLUMN {view}.{Quote(column.Name)} IS {Text(column.Doc)}"),
        ];

    protected override string At(string seconds) => $"to_timestamp({seconds})";
}
