using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Sluice.Destinations.Merge;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;

namespace Sluice.Destinations.Sqlite;

/// <summary>
/// Inserts rows with one prepared statement. Values are bound below the driver, which would make an object of each and a string of every text; here
/// text stays the UTF-8 that it is in DuckDB's memory.
/// </summary>
internal sealed class RowInsert(SqliteConnection connection, string sql, IReadOnlyList<LoadColumn> columns)
{
    private const int LookEvery = 1024;

    private readonly sqlite3 _database = connection.Handle!;
    private readonly ColumnType[] _types = [.. columns.Select(column => column.Type)];
    private readonly byte[] _time = new byte[SqliteTime.Bytes];

    public async Task<long> RunAsync(DuckDBDataReader rows, CancellationToken cancel)
    {
        Require(raw.sqlite3_prepare_v2(_database, sql, out var statement));
        using (statement)
        {
            var written = 0L;
            while (await rows.ReadAsync(CancellationToken.None))
            {
                if (written++ % LookEvery == 0)
                {
                    cancel.ThrowIfCancellationRequested();
                }

                for (var place = 0; place < _types.Length; place++)
                {
                    Require(Bind(statement, place, rows));
                }

                Step(statement);
            }

            return written;
        }
    }

    private int Bind(sqlite3_stmt statement, int place, DuckDBDataReader rows)
    {
        if (rows.IsDBNull(place))
        {
            return raw.sqlite3_bind_null(statement, place + 1);
        }

        switch (_types[place])
        {
            case ColumnType.Bigint:
                return raw.sqlite3_bind_int64(statement, place + 1, rows.GetInt64(place));
            case ColumnType.Double:
                return raw.sqlite3_bind_double(statement, place + 1, rows.GetDouble(place));
            case ColumnType.Boolean:
                return raw.sqlite3_bind_int(statement, place + 1, rows.GetBoolean(place) ? 1 : 0);
            case ColumnType.Timestamp or ColumnType.UnixTime:
                SqliteTime.Write(rows.GetInt64(place), _time);
                return raw.sqlite3_bind_text(statement, place + 1, _time.AsSpan());
            default:
                var text = rows.GetUtf8(place);

                // No bytes at all would be NULL to SQLite.
                return text.IsEmpty ? raw.sqlite3_bind_text(statement, place + 1, "") : raw.sqlite3_bind_text(statement, place + 1, text);
        }
    }

    private void Step(sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        var reset = raw.sqlite3_reset(statement);
        Require(code == raw.SQLITE_DONE ? reset : code);
    }

    private void Require(int code) => SqliteException.ThrowExceptionForRC(code, _database);
}
