using System.Data;
using System.Data.Common;
using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Sql;
using Sluice.Sql.Text;

namespace Sluice.Data;

/// <summary>What <see cref="SluiceConnection.GetSchema(string, string[])"/> gives: nothing of it costs a request.</summary>
internal sealed class SchemaCollections(SqlSession session)
{
    /// <summary>The database of live tables, in SQL.</summary>
    public const string Catalog = "memory";

    /// <summary>The schema of live tables, in SQL.</summary>
    public const string Schema = "main";

    private const string Place = $"'{Catalog}' AS TABLE_CATALOG, '{Schema}' AS TABLE_SCHEMA, table_name AS TABLE_NAME";

    private const string TablesSql = $"SELECT {Place}, 'BASE TABLE' AS TABLE_TYPE, description AS DESCRIPTION FROM sluice_tables";

    private const string ColumnsSql =
        $"SELECT {Place}, column_name AS COLUMN_NAME, row_number() OVER (PARTITION BY table_name) AS ORDINAL_POSITION, "
        + "CASE WHEN is_key THEN 'NO' ELSE 'YES' END AS IS_NULLABLE, data_type AS DATA_TYPE, is_key AS IS_KEY, pushed_down AS PUSHED_DOWN, "
        + "description AS DESCRIPTION, writable AS WRITABLE FROM sluice_columns";

    private const string Procedure =
        $"'{Catalog}' AS PROCEDURE_CATALOG, '{Schema}' AS PROCEDURE_SCHEMA, procedure_name AS PROCEDURE_NAME";

    private const string ProceduresSql =
        $"SELECT DISTINCT {Procedure}, description AS DESCRIPTION, call AS CALL, is_repeatable AS IS_REPEATABLE, "
        + "cannot_be_undone AS CANNOT_BE_UNDONE FROM sluice_procedures";

    private const string ParametersSql =
        $"SELECT {Procedure}, parameter AS PARAMETER_NAME, place AS ORDINAL_POSITION, 'IN' AS PARAMETER_MODE, is_required AS IS_REQUIRED, "
        + "parameter_description AS DESCRIPTION FROM sluice_procedures";

    private const string WordsSql = "SELECT keyword_name AS \"ReservedWord\" FROM duckdb_keywords() WHERE keyword_category = 'reserved'";

    private static readonly SchemaCollection[] All =
    [
        new(DbMetaDataCollectionNames.MetaDataCollections, [], 0),
        new(DbMetaDataCollectionNames.DataSourceInformation, [], 0),
        new(DbMetaDataCollectionNames.DataTypes, [], 0),
        new(DbMetaDataCollectionNames.Restrictions, [], 0),
        new(DbMetaDataCollectionNames.ReservedWords, [], 0) { Sql = WordsSql, Order = "1" },
        new("Tables", ["TABLE_CATALOG", "TABLE_SCHEMA", "TABLE_NAME", "TABLE_TYPE"], 3) { Sql = TablesSql, Order = "TABLE_NAME" },
        new("Columns", ["TABLE_CATALOG", "TABLE_SCHEMA", "TABLE_NAME", "COLUMN_NAME"], 4)
        {
            Sql = ColumnsSql,
            Order = "TABLE_NAME, ORDINAL_POSITION",
        },
        new("Procedures", ["PROCEDURE_CATALOG", "PROCEDURE_SCHEMA", "PROCEDURE_NAME"], 3) { Sql = ProceduresSql, Order = "PROCEDURE_NAME" },
        new("ProcedureParameters", ["PROCEDURE_CATALOG", "PROCEDURE_SCHEMA", "PROCEDURE_NAME", "PARAMETER_NAME"], 4)
        {
            Sql = ParametersSql,
            Order = "PROCEDURE_NAME, ORDINAL_POSITION",
        },
    ];

    /// <summary>Gives a collection.</summary>
    /// <exception cref="ArgumentException">There is no such collection, or it has fewer restrictions.</exception>
    public async Task<DataTable> GetAsync(string name, IReadOnlyList<string?> restrictions, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(name);
        var collection = All.FirstOrDefault(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException(
                $"There is no schema collection '{name}'. "
                    + (Suggestion.For(name, All.Select(one => one.Name)) ?? $"There are {string.Join(", ", All.Select(one => one.Name))}."),
                nameof(name));
        if (restrictions.Count > collection.Restrictions.Count)
        {
            throw new ArgumentException(
                $"The schema collection {collection.Name} has {collection.Restrictions.Count} restrictions, not {restrictions.Count}.",
                nameof(restrictions));
        }

        var table = await RowsAsync(collection, restrictions, cancel);
        table.TableName = collection.Name;
        return table;
    }

    private async Task<DataTable> RowsAsync(SchemaCollection collection, IReadOnlyList<string?> restrictions, CancellationToken cancel) =>
        collection.Sql is not null ? await QueryAsync(collection, restrictions, cancel)
        : collection.Name == DbMetaDataCollectionNames.MetaDataCollections ? Collections()
        : collection.Name == DbMetaDataCollectionNames.DataSourceInformation ? StandardTables.DataSource()
        : collection.Name == DbMetaDataCollectionNames.DataTypes ? StandardTables.DataTypes()
        : Restrictions();

    private async Task<DataTable> QueryAsync(SchemaCollection collection, IReadOnlyList<string?> restrictions, CancellationToken cancel)
    {
        var conditions = collection.Restrictions.Zip(restrictions)
            .Where(pair => pair.Second is not null)
            .Select(pair => $"lower({pair.First}) = lower({DuckDBLiteral.Quote(pair.Second!)})")
            .Prepend("true");
        var sql = $"SELECT * FROM ({collection.Sql}) WHERE {string.Join(" AND ", conditions)} ORDER BY {collection.Order}";
        await using var result = await session.QueryAsync(SqlStatement.ParseAll(sql, _ => null)[0], cancel);
        var table = new DataTable { Locale = CultureInfo.InvariantCulture };
        var columns = ResultColumn.Of(result, withKey: false);
        foreach (var column in columns)
        {
            table.Columns.Add(column.ColumnName, column.DataType!);
        }

        while (await result.ReadAsync(cancel))
        {
            table.Rows.Add([.. columns.Select((column, at) =>
                result.Reader.IsDBNull(at) ? DBNull.Value : FieldValue.Of(result.Reader.GetValue(at), column))]);
        }

        return table;
    }

    private static DataTable Collections() => StandardTables.Of(
        [("CollectionName", typeof(string)), ("NumberOfRestrictions", typeof(int)), ("NumberOfIdentifierParts", typeof(int))],
        All.Select(one => new object?[] { one.Name, one.Restrictions.Count, one.IdentifierParts }));

    private static DataTable Restrictions() => StandardTables.Of(
        [
            ("CollectionName", typeof(string)), ("RestrictionName", typeof(string)), ("RestrictionDefault", typeof(string)),
            ("RestrictionNumber", typeof(int)),
        ],
        All.SelectMany(one => one.Restrictions.Select((name, at) => new object?[] { one.Name, name, null, at + 1 })));
}

/// <summary>A schema collection.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Restrictions">The columns by which rows can be chosen.</param>
/// <param name="IdentifierParts">Parts of the name of what it describes.</param>
internal sealed record SchemaCollection(string Name, IReadOnlyList<string> Restrictions, int IdentifierParts)
{
    /// <summary>The query that gives its rows; null for what is no query.</summary>
    public string? Sql { get; init; }

    /// <summary>The order of its rows.</summary>
    public string Order { get; init; } = "";
}
