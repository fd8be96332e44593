using Sluice.Destinations.Models;

namespace Sluice.Destinations.Warehouses.Models;

/// <summary>Models in the words of Trino and Athena: JSON is text. Athena's views have no times with a zone: its times are those of UTC.</summary>
/// <param name="hasZones">Whether times have a zone.</param>
internal sealed class TrinoModelSql(bool hasZones) : ModelSql
{
    public override bool HasJson => false;

    public override string TypeOf(ModelType type) => type switch
    {
        ModelType.Integer => "bigint",
        ModelType.Number => "double",
        ModelType.Boolean => "boolean",
        ModelType.Time => hasZones ? "timestamp(3) with time zone" : "timestamp",
        ModelType.Day => "date",
        _ => "varchar",
    };

    public override string Whole(string json, string member) => $"TRY_CAST(json_extract_scalar({json}, '$.{member}') AS bigint)";

    public override string Day(string time, int seconds) =>
        $"CAST(date_add('second', {seconds}, {time}){(hasZones ? " AT TIME ZONE 'UTC'" : "")} AS date)";

    public override string DaysAgo(int days) => Plain($"date_add('day', -{days}, current_timestamp)");

    public override string SecondsBetween(string from, string to) => $"date_diff('second', {from}, {to})";

    public override string DomainOf(string address) => $"lower(regexp_extract({address}, '@([^@]*)$', 1))";

    public override string PlaceOf(string array, string id) =>
        $"nullif(array_position(transform(TRY(CAST(json_parse({array}) AS array(json))), v -> json_extract_scalar(v, '$.id')), "
        + $"CAST({id} AS varchar)), 0)";

    public override MemberJoin Members(string json) => new(
        $"\nCROSS JOIN UNNEST(TRY(CAST(json_parse({json}) AS map(varchar, json)))) AS e(name, value)",
        "e.name",
        "nullif(coalesce(json_extract_scalar(e.value, '$'), json_format(e.value)), 'null')");

    protected override string At(string seconds) => Plain($"from_unixtime({seconds}, 'UTC')");

    private string Plain(string time) => hasZones ? time : $"CAST({time} AT TIME ZONE 'UTC' AS timestamp)";
}
