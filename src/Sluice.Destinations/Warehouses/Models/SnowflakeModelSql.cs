using Sluice.Destinations.Models;

namespace Sluice.Destinations.Warehouses.Models;

/// <summary>Models in Snowflake's words.</summary>
internal sealed class SnowflakeModelSql : ModelSql
{
    public override string Quote(string name) => base.Quote(name.ToUpperInvariant());

    public override string TypeOf(ModelType type) => type switch
    {
        ModelType.Integer => "BIGINT",
        ModelType.Number => "DOUBLE",
        ModelType.Boolean => "BOOLEAN",
        ModelType.Time => "TIMESTAMP_TZ(6)",
        ModelType.Day => "DATE",
        _ => "VARCHAR",
    };

    public override string Whole(string json, string member) => $"TRY_TO_NUMBER({json}:\"{member}\"::VARCHAR)";

    public override string Day(string time, int seconds) => $"CAST(DATEADD(second, {seconds}, CONVERT_TIMEZONE('UTC', {time})) AS DATE)";

    public override string DaysAgo(int days) => $"DATEADD(day, -{days}, CURRENT_TIMESTAMP())";

    public override string SecondsBetween(string from, string to) => $"DATEDIFF(second, {from}, {to})";

    public override string DomainOf(string address) => $"LOWER(NULLIF(SPLIT_PART({address}, '@', -1), {address}))";

    public override MemberJoin Members(string json) => new($",\nLATERAL FLATTEN(INPUT => {json}) e", "e.key", "e.value::VARCHAR");

    protected override string At(string seconds) => $"TO_TIMESTAMP_TZ({seconds})";
}
