using Sluice.Destinations.Models;

namespace Sluice.Destinations.Warehouses.Models;

/// <summary>Models in BigQuery's words.</summary>
internal sealed class BigQueryModelSql : ModelSql
{
    public override string Quote(string name) =>
        $"`{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal)}`";

    public override string TypeOf(ModelType type) => type switch
    {
        ModelType.Integer => "INT64",
        ModelType.Number => "FLOAT64",
        ModelType.Boolean => "BOOL",
        ModelType.Time => "TIMESTAMP",
        ModelType.Day => "DATE",
        _ => "STRING",
    };

    public override string Whole(string json, string member) => $"SAFE_CAST(JSON_VALUE({json}, '$.{member}') AS INT64)";

    public override string Day(string time, int seconds) => $"DATE(TIMESTAMP_ADD({time}, INTERVAL {seconds} SECOND), 'UTC')";

    public override string DaysAgo(int days) => $"TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL {days} DAY)";

    public override string SecondsBetween(string from, string to) => $"TIMESTAMP_DIFF({to}, {from}, SECOND)";

    public override string DomainOf(string address) => $"LOWER(REGEXP_EXTRACT({address}, r'@([^@]*)$'))";

    public override string PlaceOf(string array, string id) =>
        $"(SELECT MIN(o) + 1 FROM UNNEST(JSON_QUERY_ARRAY({array})) AS v WITH OFFSET AS o WHERE JSON_VALUE(v, '$.id') = CAST({id} AS STRING))";

    public override MemberJoin Members(string json) => new(
        $"\nCROSS JOIN UNNEST(JSON_KEYS({json}, 1)) AS e",
        "e",
        $"NULLIF(COALESCE(JSON_VALUE({json}[e]), TO_JSON_STRING({json}[e])), 'null')");

    protected override string At(string seconds) => $"TIMESTAMP_SECONDS({seconds})";
}
