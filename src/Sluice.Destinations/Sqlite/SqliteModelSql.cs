using System.Globalization;
using Sluice.Destinations.Models;

namespace Sluice.Destinations.Sqlite;

/// <summary>Models in SQLite's words: times are text as in the tables, days are text as 2026-01-31.</summary>
internal sealed class SqliteModelSql : ModelSql
{
    private const string TimeFormat = "'%Y-%m-%d %H:%M:%S.000000+00:00'";

    public override string TypeOf(ModelType type) => type switch
    {
        ModelType.Integer or ModelType.Boolean => "INTEGER",
        ModelType.Number => "REAL",
        _ => "TEXT",
    };

    // What is masked is no JSON any more, which SQLite's functions call an error.
    public override string Whole(string json, string member) =>
        $"CASE WHEN json_valid({json}) THEN CAST(json_extract({json}, '$.{member}') AS INTEGER) END";

    public override string Day(string time, int seconds) =>
        $"date({time}, '{seconds.ToString(CultureInfo.InvariantCulture)} seconds')";

    public override string DaysAgo(int days) => $"strftime({TimeFormat}, 'now', '-{days} days')";

    public override string SecondsBetween(string from, string to) =>
        $"(CAST(strftime('%s', {to}) AS INTEGER) - CAST(strftime('%s', {from}) AS INTEGER))";

    public override string DomainOf(string address) =>
        $"CASE WHEN instr({address}, '@') > 0 THEN lower(substr({address}, instr({address}, '@') + 1)) END";

    public override string PlaceOf(string array, string id) =>
        $"(SELECT min(o.key) + 1 FROM json_each(CASE WHEN json_valid({array}) THEN {array} ELSE '[]' END) o "
        + $"WHERE o.type = 'object' AND CAST(json_extract(o.value, '$.id') AS TEXT) = CAST({id} AS TEXT))";

    public override MemberJoin Members(string json) => new(
        $"\nCROSS JOIN json_each(CASE WHEN json_valid({json}) THEN {json} ELSE '{{}}' END) e",
        "e.key",
        "CASE e.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(e.value AS TEXT) END");

    public override IEnumerable<string> Create(string view, PlannedModel made) =>
        [$"DROP VIEW IF EXISTS {view}", $"CREATE VIEW {view} AS -- {Comment(made)}\n{made.Select}"];

    protected override string At(string seconds) => $"strftime({TimeFormat}, {seconds}, 'unixepoch')";
}
