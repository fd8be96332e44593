using System.Data.Common;
using Sluice.Engine;
using Sluice.Sql.Fetching;
using Sluice.Sql.Planning;
using Sluice.Sql.Tables;

namespace Sluice.Sql;

/// <summary>A query that is planned, with all that it holds open.</summary>
internal sealed class PreparedQuery(QueryContext context, QueryPlan plan) : IAsyncDisposable
{
    public QueryContext Context => context;

    public QueryPlan Plan => plan;

    public TimeSpan Planning { get; init; }

    /// <summary>Whether Customer.io must be asked what time it is.</summary>
    public bool NeedsClock { get; init; }

    /// <summary>The question whether anybody has the attributes that are columns; null when it was not asked.</summary>
    public QueryStep? Attributes { get; init; }

    /// <summary>What somebody should know of the answer.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            if (plan.IsBlind)
            {
                yield return "DuckDB has no plan for this statement that can be read: every table in it is read whole.";
            }

            if (context.Rejected > 0)
            {
                yield return $"{context.Rejected} values did not fit the type of their column and are NULL.";
            }
        }
    }

    public static async ValueTask CloseAsync(QueryDatabase? database, QueryFolder folder)
    {
        if (database is not null)
        {
            await database.DisposeAsync();
        }

        folder.Dispose();
    }

    public ValueTask DisposeAsync() => CloseAsync(context.Database, context.Folder);
}

/// <summary>A column of a live table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Column">The column's name in it.</param>
public sealed record ColumnOrigin(LiveTable Table, string Column)
{
    /// <summary>Whether an outer join puts NULL in the place of rows that are not there.</summary>
    public bool IsPadded { get; init; }

    /// <summary>Whether it is one of the columns of the table's primary key.</summary>
    public bool IsKey => Table.Resource.PrimaryKey.Contains(Column, StringComparer.Ordinal);
}

/// <summary>The rows of a query, computed as they are read; closing it removes what was fetched for it.</summary>
public sealed class QueryResult : IAsyncDisposable
{
    private readonly PreparedQuery _query;
    private readonly QueryPlan _plan;

    internal QueryResult(PreparedQuery query, DbDataReader reader, QueryReport report, QueryPlan? plan = null) =>
        (_query, Reader, Report, _plan) = (query, reader, report, plan ?? query.Plan);

    /// <summary>The rows.</summary>
    public DbDataReader Reader { get; }

    /// <summary>What the query has cost.</summary>
    public QueryReport Report { get; }

    /// <summary>The next row; false at the end.</summary>
    /// <exception cref="SluiceException">A row can't be computed (kind Config).</exception>
    public async Task<bool> ReadAsync(CancellationToken cancel)
    {
        try
        {
            return await Reader.ReadAsync(cancel);
        }
        catch (DuckDB.NET.Data.DuckDBException error)
        {
            throw QueryDatabase.Failure(error);
        }
    }

    /// <summary>Whether each row is one row of a single table, whose primary key then tells the rows apart.</summary>
    public bool IsOfSingleRows => _plan.IsOfSingleRows;

    /// <summary>Whether a column is JSON.</summary>
    public bool IsJson(int ordinal) => TypeOf(ordinal) == "JSON";

    /// <summary>A column's type in SQL; null for statements of which DuckDB does not tell it.</summary>
    public string? TypeOf(int ordinal) => _query.Context.Database.ColumnTypes.ElementAtOrDefault(ordinal);

    /// <summary>The table's column whose values a column of the result shows; null for what is computed, or comes from several.</summary>
    public ColumnOrigin? OriginOf(int ordinal) =>
        _plan.Output.ElementAtOrDefault(ordinal) is [{ Scan: { Source.IsLive: true } scan, Choice: null } origin]
        && _query.Context.Tables.Find(scan.Table) is { } table
            ? new ColumnOrigin(table, origin.Column) { IsPadded = origin.IsPadded }
            : null;

    /// <summary>Writes the rows into a Parquet file, instead of reading them; gives their number.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="cancel">Stops.</param>
    public async Task<long> WriteParquetAsync(string path, CancellationToken cancel)
    {
        await Reader.DisposeAsync();
        return await _query.Context.Database.WriteParquetAsync(path, _query.Context.Folder.Next(), cancel);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Reader.DisposeAsync();
        await _query.DisposeAsync();
    }
}
