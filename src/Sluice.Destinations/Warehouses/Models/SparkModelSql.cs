using Sluice.Destinations.Models;

namespace Sluice.Destinations.Warehouses.Models;

/// <summary>Models in Spark's words: JSON is text.</summary>
internal sealed class SparkModelSql : ModelSql
{
    public override bool HasJson => false;

    public override string Quote(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    public override string TypeOf(ModelType type) => type switch
    {
        ModelType.Integer => "BIGINT",
        ModelType.Number => "DOUBLE",
        ModelType.Boolean => "BOOLEAN",
        ModelType.Time => "TIMESTAMP",
        ModelType.Day => "DATE",
        _ => "STRING",
    };

    public override string Whole(string json, string member) => $"TRY_CAST(get_json_object({json}, '$.{member}') AS BIGINT)";

    // A date is made of an instant by the session's zone.
    public override string Day(string time, int seconds) =>
        $"CAST(to_utc_timestamp({time}, current_timezone()) + make_interval(0, 0, 0, 0, 0, 0, {seconds}) AS DATE)";

    public override string DaysAgo(int days) => $"current_timestamp() - make_interval(0, 0, 0, {days})";

    public override string SecondsBetween(string from, string to) => $"unix_timestamp({to}) - unix_timestamp({from})";

    public override string DomainOf(string address) => $"lower(nullif(regexp_extract({address}, '@([^@]*)$', 1), ''))";

    public override string PlaceOf(string array, string id) =>
        $"nullif(array_position(from_json({array}, 'array<struct<id:string>>').id, CAST({id} AS STRING)), 0)";

    public override MemberJoin Members(string json) => new(
        $"\nLATERAL VIEW explode(from_json({json}, 'map<string,string>')) e AS name, value", "e.name", "e.value");

    protected override string At(string seconds) => $"timestamp_seconds({seconds})";
}
