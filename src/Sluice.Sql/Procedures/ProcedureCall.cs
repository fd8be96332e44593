using System.Data.Common;
using System.Text.Json.Nodes;
using Sluice.Engine;
using Sluice.Engine.DuckDb;
using Sluice.Sql.Planning;
using Sluice.Sql.Text;
using Sluice.Writes.Operations;
using Sluice.Writes.Statements;

namespace Sluice.Sql.Procedures;

/// <summary>The call of a procedure: its arguments as DuckDB has computed them, put where the API wants them.</summary>
internal static class ProcedureCall
{
    /// <summary>Runs the CALL and makes the request of its row.</summary>
    /// <exception cref="SluiceException">An argument is wrong, or one is missing (kind Config).</exception>
    public static async Task<PlannedCall> MakeAsync(QueryDatabase database, Procedure procedure, string statement, CancellationToken cancel)
    {
        var rows = await ReadAsync(database, procedure, statement, cancel);
        var body = new CallBody(procedure, procedure.Fields);
        var changes = new List<ValueChange>();
        foreach (var (field, value) in procedure.Fields.Zip(rows))
        {
            body.Add(field, value);
            if (value is not null)
            {
                changes.Add(new ValueChange(field.Name, null, value.DeepClone()));
            }

            if (field.IsRequired)
            {
                body.Require(field);
            }
        }

        if (body.Problems is { Count: > 0 } problems)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"{procedure.Name}: {string.Join("; ", problems)}.",
                "Nothing was sent. SELECT parameter, is_required, parameter_description FROM sluice_procedures "
                    + $"WHERE procedure_name = '{procedure.Name}' lists its parameters.");
        }

        return new PlannedCall
        {
            Call = procedure,
            Verb = "call",
            Key = procedure.Name,
            Route = [.. body.Route],
            Query = [.. body.Query],
            Body = body.Body.Count == 0 ? null : body.Body,
            Changes = changes,
            Warnings = body.Warnings,
            IsRepeatable = procedure.IsRepeatable
                || (procedure.IsRepeatableWith is { } with && changes.Exists(one => one.Name == with)),
        };
    }

    /// <summary>The query that gives what Customer.io has answered.</summary>
    public static string Answered(Procedure procedure, CallOutcome outcome)
    {
        var values = procedure.Answer
            .Select(name => $"{Value(name, outcome.Answer?[name])} AS {DuckDBIdentifier.Quote(name == "id" ? "trigger_id" : name)}");
        var state = outcome.State switch
        {
            CallState.Done => procedure.IsTrack ? "queued" : "done",
            CallState.DoneBefore => "done before",
            CallState.Refused => "refused",
            CallState.Unknown => "unknown",
            _ => "not tried",
        };
        return $"SELECT {string.Join(", ", values.Append($"'{state}' AS outcome"))}";
    }

    private static async Task<IReadOnlyList<JsonNode?>> ReadAsync(
        QueryDatabase database, Procedure procedure, string statement, CancellationToken cancel)
    {
        try
        {
            var rows = await database.Connection.ListAsync(
                statement,
                row => (IReadOnlyList<JsonNode?>)[.. Enumerable.Range(0, procedure.Fields.Count).Select(place => Argument(procedure, row, place))],
                cancel);
            return rows[0];
        }
        catch (DuckDB.NET.Data.DuckDBException error)
        {
            throw QueryDatabase.Failure(error);
        }
    }

    private static JsonNode? Argument(Procedure procedure, DbDataReader row, int place) =>
        row.IsDBNull(place) ? null : DuckDbJson.Parse(row.GetString(place), procedure.Name, procedure.Fields[place].Name);

    private static string Value(string name, JsonNode? value) => value is null
        ? name.EndsWith("_at", StringComparison.Ordinal) ? "CAST(NULL AS TIMESTAMPTZ)" : "NULL"
        : name.EndsWith("_at", StringComparison.Ordinal) ? $"to_timestamp(TRY_CAST({DuckDBLiteral.Quote(value.ToString())} AS DOUBLE))"
        : value.GetValueKind() == System.Text.Json.JsonValueKind.Number ? value.ToJsonString()
        : DuckDBLiteral.Quote(value.ToString());
}
