using Sluice.Destinations.Models;

namespace Sluice.Destinations.Warehouses.Models;

/// <summary>Models in Redshift's words: JSON is SUPER.</summary>
internal sealed class RedshiftModelSql : ModelSql
{
    public override string TypeOf(ModelType type) => type switch
    {
        ModelType.Integer => "BIGINT",
        ModelType.Number => "DOUBLE PRECISION",
        ModelType.Boolean => "BOOLEAN",
        ModelType.Time => "TIMESTAMPTZ",
        ModelType.Day => "DATE",
        _ => "VARCHAR",
    };

    public override string Whole(string json, string member) =>
        $"CASE WHEN JSON_TYPEOF({json}.{member}) = 'number' THEN {json}.{member}::BIGINT END";

    public override string Day(string time, int seconds) => $"CAST(DATEADD(second, {seconds}, {time} AT TIME ZONE 'UTC') AS DATE)";

    public override string DaysAgo(int days) => $"DATEADD(day, -{days}, GETDATE())";

    public override string SecondsBetween(string from, string to) => $"DATEDIFF(second, {from}, {to})";

    public override string DomainOf(string address) => $"LOWER(NULLIF(SPLIT_PART({address}, '@', 2), ''))";

    public override MemberJoin Members(string json) => new(
        $",\nUNPIVOT {json} AS v AT k", "k::VARCHAR", "CASE WHEN JSON_TYPEOF(v) = 'string' THEN v::VARCHAR ELSE JSON_SERIALIZE(v) END");

    protected override string At(string seconds) => $"TIMESTAMPTZ 'epoch' + {seconds} * INTERVAL '1 second'";
}
