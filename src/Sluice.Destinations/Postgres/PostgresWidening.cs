using Npgsql;
using Sluice.Destinations.Merge;
using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations.Postgres;

/// <summary>Gives columns another type, or tells what keeps PostgreSQL from it and the statement that helps.</summary>
internal static class PostgresWidening
{
    private const string InvalidDefinition = "42P16";

    public static async Task RunAsync(
        DbSession session, PostgresDialect sql, (string Schema, string Table) place, IReadOnlyList<Widening> columns, CancellationToken cancel)
    {
        var (table, name) = (sql.Table(place.Schema, place.Table), $"{place.Schema}.{place.Table}");
        await session.RunAsync("SAVEPOINT before_widening", cancel);
        try
        {
            await session.RunAsync($"ALTER TABLE {table} {string.Join(", ", columns.Select(column => Widen(sql, column)))}", cancel);
        }
        catch (PostgresException error)
        {
            await session.RunAsync("ROLLBACK TO SAVEPOINT before_widening", cancel);
            var needs = $"{name} needs wider types ({string.Join(", ", columns.Select(column => Told(sql, column)))})";
            if (error.SqlState == InvalidDefinition)
            {
                throw Elsewhere(needs, await OfParentsAsync(session, sql, table, columns, cancel), error);
            }

            string[] own = [KeyIndex.NameOf(sql, place.Table, isUnique: true), KeyIndex.NameOf(sql, place.Table, isUnique: false)];
            var dependents = await PostgresDependents.OfColumnsAsync(session, table, columns.Select(column => column.Column), own, cancel);
            if (dependents.Count == 0)
            {
                throw;
            }

            throw new SluiceException(
                SluiceErrorKind.Destination,
                $"{needs}, and PostgreSQL gives it none while there is {string.Join(", ", dependents.Select(one => one.What))}: " +
                    $"{error.MessageText}. Nothing was changed.",
                $"Run {string.Join(' ', dependents.Select(one => one.Removal))} then run the same command again, and make it again afterwards.",
                error);
        }
    }

    // A column of the tables above is changed there; null when it is one that tables are partitioned by.
    private static async Task<string?> OfParentsAsync(
        DbSession session, PostgresDialect sql, string table, IReadOnlyList<Widening> columns, CancellationToken cancel)
    {
        var (removals, statements) = (new List<string>(), new List<string>());
        foreach (var column in columns)
        {
            var origins = (await PostgresParents.OriginsAsync(session, table, column.Column, cancel))
                .Select(origin => sql.Table(origin.Schema, origin.Table)).ToList();
            if (origins.Count == 0)
            {
                return null;
            }

            foreach (var one in await PostgresParents.WithBelowAsync(session, origins, cancel))
            {
                removals.AddRange((await PostgresDependents.InTheWayAsync(session, one, column.Column, cancel)).Select(other => other.Removal));
            }

            statements.AddRange(origins.Select(origin => $"ALTER TABLE {origin} {Widen(sql, column)};"));
        }

        return string.Join(' ', removals.Distinct().Concat(statements));
    }

    private static SluiceException Elsewhere(string needs, string? statements, PostgresException error) => new(
        SluiceErrorKind.Destination,
        $"{needs}, and PostgreSQL gives it none: {error.MessageText}. Nothing was changed.",
        statements is null
            ? "Tables are partitioned by it: name another table with --dest-table."
            : $"The columns are those of a table above it: run {statements} then run the same command again.",
        error);

    private static string Told(PostgresDialect sql, Widening column) =>
        $"{column.Column} from {sql.Type(column.From)} to {sql.Type(column.To)}";

    private static string Widen(PostgresDialect sql, Widening column)
    {
        var name = sql.Quote(column.Column);
        var value = (column.From, column.To) switch
        {
            // As DuckDB writes times, whatever the session's time zone.
            (ColumnType.Timestamp, ColumnType.Text) => $"({name} AT TIME ZONE 'UTC')::text || '+00'",
            (_, ColumnType.Text) => $"{name}::text",
            _ => $"{name}::{sql.Type(column.To)}",
        };
        return $"ALTER COLUMN {name} TYPE {sql.Type(column.To, column.IsKey)} USING {value}";
    }
}
