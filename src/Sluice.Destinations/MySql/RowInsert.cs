using System.Globalization;
using DuckDB.NET.Data;
using MySqlConnector;
using Sluice.Destinations.Merge;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations.MySql;

/// <summary>
/// Inserts rows, many with each statement, by one that the server has prepared. LOAD DATA LOCAL would be faster; but a server that may ask for it may
/// ask for any file of this machine, and most have it switched off.
/// </summary>
/// <param name="session">The transaction.</param>
/// <param name="into">What a statement begins with: INSERT INTO, the table and its columns.</param>
/// <param name="columns">The columns.</param>
/// <param name="mostBytes">About the bytes that a statement may have.</param>
internal sealed class RowInsert(DbSession session, string into, IReadOnlyList<LoadColumn> columns, long mostBytes) : IAsyncDisposable
{
    // A prepared statement has at most 65,535 parameters.
    private const int MostParameters = 8_000;
    private const int MostRows = 500;
    private const int Overhead = 16;

    private readonly ColumnType[] _types = [.. columns.Select(column => column.Type)];
    private readonly int _full = Math.Clamp(MostParameters / columns.Count, 1, MostRows);
    private readonly List<object> _values = [];
    private MySqlCommand? _prepared;
    private long _bytes;

    private int Rows => _values.Count / _types.Length;

    public async Task<long> RunAsync(DuckDBDataReader rows, CancellationToken cancel)
    {
        var written = 0L;
        while (await rows.ReadAsync(cancel))
        {
            Take(rows);
            written++;
            if (Rows == _full || _bytes >= mostBytes)
            {
                await FlushAsync(cancel);
            }
        }

        await FlushAsync(cancel);
        return written;
    }

    public ValueTask DisposeAsync() => _prepared?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Take(DuckDBDataReader rows)
    {
        for (var place = 0; place < _types.Length; place++)
        {
            var value = rows.IsDBNull(place) ? DBNull.Value : Value(rows, place);
            _bytes += Overhead + (value is string text ? text.Length : 0);
            _values.Add(value);
        }
    }

    private object Value(DuckDBDataReader rows, int place) => _types[place] switch
    {
        ColumnType.Bigint => rows.GetInt64(place),
        ColumnType.Double => rows.GetDouble(place),
        ColumnType.Boolean => rows.GetBoolean(place),
        ColumnType.Timestamp or ColumnType.UnixTime => DateTime.UnixEpoch.AddTicks(rows.GetInt64(place) * TimeSpan.TicksPerMicrosecond),
        _ => rows.GetString(place),
    };

    private async Task FlushAsync(CancellationToken cancel)
    {
        if (_values.Count == 0)
        {
            return;
        }

        if (Rows == _full)
        {
            _prepared ??= await PrepareAsync(cancel);
            await InsertAsync(_prepared, cancel);
        }
        else
        {
            await using var few = Command(Rows);
            await InsertAsync(few, cancel);
        }

        _values.Clear();
        _bytes = 0;
    }

    private async Task InsertAsync(MySqlCommand command, CancellationToken cancel)
    {
        for (var place = 0; place < _values.Count; place++)
        {
            command.Parameters[place].Value = _values[place];
        }

        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task<MySqlCommand> PrepareAsync(CancellationToken cancel)
    {
        var command = Command(_full);
        await command.PrepareAsync(cancel);
        return command;
    }

    private MySqlCommand Command(int rows)
    {
        var row = $"({string.Join(", ", columns.Select(_ => "?"))})";
        var command = (MySqlCommand)session.Command($"{into} VALUES {string.Join(", ", Enumerable.Repeat(row, rows))}");
        for (var place = 0; place < rows * columns.Count; place++)
        {
            command.Parameters.Add(new MySqlParameter { ParameterName = place.ToString(CultureInfo.InvariantCulture) });
        }

        return command;
    }
}
