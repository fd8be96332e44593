using Sluice.Engine.DuckDb;
using Sluice.Sql.Text;
using Sluice.Writes.Operations;

namespace Sluice.Sql.Procedures;

/// <summary>
/// Procedures as DuckDB's table macros: named and positional arguments, expressions and messages about them are DuckDB's, and the one row that comes
/// back holds the arguments as JSON.
/// </summary>
internal static class ProcedureMacros
{
    private const string Table = "sluice_procedures";

    /// <summary>The statement that makes a procedure's macro.</summary>
    public static string Of(Procedure procedure)
    {
        var names = procedure.Fields.Select(field => DuckDBIdentifier.Quote(field.Name)).ToList();
        return $"CREATE MACRO {DuckDBIdentifier.Quote(procedure.Name)}({string.Join(", ", names.Select(name => $"{name} := NULL"))}) AS TABLE "
            + $"SELECT {string.Join(", ", names.Select(name => $"CAST(to_json({name}) AS VARCHAR) AS {name}"))}";
    }

    /// <summary>The statements that make the table of procedures, when a query names it; else null.</summary>
    public static string? TableFor(SqlStatement statement)
    {
        if (!statement.ListsTables && !statement.Words.Contains(Table))
        {
            return null;
        }

        var rows = ProcedureCatalog.All.SelectMany(one => one.Fields.Select((field, place) =>
            $"({Text(one.Name)}, {place + 1}, {Text(field.Name)}, {(field.IsRequired ? "true" : "false")}, {Text(field.Doc)}, {Text(one.Doc)}, "
                + $"{Text(one.Text)}, {(one.IsRepeatable ? "true" : "false")}, {Text(one.Undone)})"));
        return $"CREATE TABLE {Table} (procedure_name VARCHAR, place BIGINT, parameter VARCHAR, is_required BOOLEAN, parameter_description VARCHAR, "
            + "description VARCHAR, call VARCHAR, is_repeatable BOOLEAN, cannot_be_undone VARCHAR);"
            + $"INSERT INTO {Table} VALUES {string.Join(',', rows)}";
    }

    private static string Text(string? text) => text is null ? "NULL" : DuckDBLiteral.Quote(text);
}
