namespace Sluice.Destinations.Models;

/// <summary>Models in ClickHouse's words; JSON stands in columns of text.</summary>
internal sealed class ClickHouseModelSql : ModelSql
{
    public override bool HasJson => false;

    public override string Quote(string name) =>
        $"`{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal)}`";

    public override string Text(string value) =>
        $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    public override string TypeOf(ModelType type) => type switch
    {
        ModelType.Integer => "Nullable(Int64)",
        ModelType.Number => "Nullable(Float64)",
        ModelType.Boolean => "Nullable(Bool)",
        ModelType.Time => "Nullable(DateTime64(6, 'UTC'))",
        ModelType.Day => "Nullable(Date)",
        _ => "Nullable(String)",
    };

    public override string Whole(string json, string member) =>
        $"toInt64OrNull(replaceAll(JSONExtractRaw(ifNull({json}, ''), '{member}'), '\"', ''))";

    public override string Day(string time, int seconds) => $"CAST(toDate(addSeconds({time}, {seconds}), 'UTC') AS Nullable(Date))";

    public override string DaysAgo(int days) => $"(now64(6, 'UTC') - toIntervalDay({days}))";

    public override string SecondsBetween(string from, string to) => $"CAST(dateDiff('second', {from}, {to}) AS Nullable(Int64))";

    public override string DomainOf(string address) =>
        $"if(position({address}, '@') > 0, lower(arrayElement(splitByChar('@', ifNull({address}, '')), -1)), NULL)";

    public override string PlaceOf(string array, string id) =>
        $"nullIf(indexOf(arrayMap(one -> replaceAll(JSONExtractRaw(one, 'id'), '\"', ''), JSONExtractArrayRaw(ifNull({array}, ''))), "
        + $"ifNull(toString({id}), '')), 0)";

    public override MemberJoin Members(string json) => new(
        $"\nARRAY JOIN JSONExtractKeysAndValuesRaw(ifNull({json}, '')) AS e",
        "tupleElement(e, 1)",
        "multiIf(tupleElement(e, 2) = 'null', NULL, startsWith(tupleElement(e, 2), '\"'), "
            + "JSONExtractString(concat('[', tupleElement(e, 2), ']'), 1), tupleElement(e, 2))");

    public override IEnumerable<string> Create(string view, PlannedModel made) =>
        [$"{base.Create(view, made).Single()}\nCOMMENT {Text(Comment(made))}"];

    protected override string At(string seconds) => $"toDateTime64({seconds}, 6, 'UTC')";
}
