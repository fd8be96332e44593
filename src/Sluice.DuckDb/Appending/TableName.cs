using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Appending;

/// <summary>A table by catalog, schema and name; null parts are the current ones.</summary>
internal sealed unsafe class TableName(string? catalog, string? schema, string table)
{
    private readonly byte[]? _catalog = catalog is null ? null : NativeText.Terminated(catalog, "The catalog name");
    private readonly byte[]? _schema = schema is null ? null : NativeText.Terminated(schema, "The schema name");
    private readonly byte[] _table = NativeText.Terminated(table, "The table name");

    internal AppenderHandle OpenAppender(ConnectionHandle connection)
    {
        fixed (byte* c = _catalog, s = _schema, t = _table)
        {
            if (NativeMethods.duckdb_appender_create_ext(connection, c, s, t, out var appender) == NativeState.Success)
                return appender;
            using (appender)
                throw Error(appender, ToString());
        }
    }

    /// <summary>The column names, for messages; none when DuckDB does not tell.</summary>
    internal IReadOnlyList<string> ColumnNames(ConnectionHandle connection)
    {
        fixed (byte* c = _catalog, s = _schema, t = _table)
        {
            var state = NativeMethods.duckdb_table_description_create_ext(connection, c, s, t, out var description);
            using (description)
            {
                if (state != NativeState.Success)
                    return [];
                var names = new string[NativeMethods.duckdb_table_description_get_column_count(description)];
                for (var i = 0; i < names.Length; i++)
                    names[i] = NativeText.Owned(NativeMethods.duckdb_table_description_get_column_name(description, (ulong)i)) ?? "";
                return names;
            }
        }
    }

    public override string ToString() =>
        string.Join('.', new[] { catalog, schema, table }.OfType<string>().Select(DuckDBIdentifier.QuoteWhenNeeded));

    internal static DuckDBException Error(AppenderHandle appender, string table)
    {
        using var error = appender.IsInvalid ? null : NativeMethods.duckdb_appender_error_data(appender);
        var message = error is null ? null : NativeText.Borrowed(NativeMethods.duckdb_error_data_message(error));
        var type = error is null ? DuckDBErrorType.Invalid : NativeMethods.duckdb_error_data_error_type(error);
        return new DuckDBException(string.IsNullOrEmpty(message) ? $"Appending to {table} failed." : message, type);
    }
}
