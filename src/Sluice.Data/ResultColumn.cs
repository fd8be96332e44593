using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Sql;

namespace Sluice.Data;

/// <summary>A column of a result.</summary>
internal sealed partial class ResultColumn : DbColumn
{
    private ResultColumn(int ordinal, string name, string type, Type raw)
    {
        ColumnOrdinal = ordinal;
        ColumnName = name;
        DataTypeName = type;
        DataType = FieldValue.TypeOf(raw, type);
        AllowDBNull = true;
        IsReadOnly = true;
        IsAutoIncrement = false;
        IsHidden = false;
        IsUnique = false;
        IsLong = type is "JSON" || raw == typeof(Stream);
        ColumnSize = ByteCount(DataType);
        if (Decimal().Match(type) is { Success: true } digits)
        {
            NumericPrecision = int.Parse(digits.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
            NumericScale = int.Parse(digits.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The columns of a query's result.</summary>
    /// <param name="result">The result.</param>
    /// <param name="withKey">Whether it is wanted which columns make a key.</param>
    public static IReadOnlyList<ResultColumn> Of(QueryResult result, bool withKey)
    {
        var columns = Enumerable.Range(0, result.Reader.FieldCount).Select(ordinal => Of(result, ordinal)).ToList();
        var origins = columns.Select(column => result.OriginOf(column.ColumnOrdinal!.Value)).ToList();
        foreach (var (column, origin) in columns.Zip(origins))
        {
            column.Take(origin);
        }

        if (withKey && HasWholeKey(result, origins))
        {
            foreach (var (column, origin) in columns.Zip(origins))
            {
                column.IsKey = origin is { IsKey: true };
            }
        }

        return columns;
    }

    /// <summary>The columns of any other rows.</summary>
    public static IReadOnlyList<ResultColumn> Of(DbDataReader reader) =>
        [.. Enumerable.Range(0, reader.FieldCount).Select(ordinal => new ResultColumn(
            ordinal, reader.GetName(ordinal), reader.GetFieldType(ordinal) == typeof(long) ? "BIGINT" : "VARCHAR", reader.GetFieldType(ordinal)))];

    /// <summary>The columns as <see cref="DbDataReader.GetSchemaTable"/> gives them.</summary>
    public static DataTable SchemaTable(IReadOnlyList<ResultColumn> columns)
    {
        var table = new DataTable("SchemaTable") { Locale = CultureInfo.InvariantCulture };
        foreach (var (name, type, _) in Facts)
        {
            table.Columns.Add(name, type);
        }

        foreach (var column in columns)
        {
            table.Rows.Add([.. Facts.Select(fact => fact.Of(column) ?? DBNull.Value)]);
        }

        return table;
    }

    private static readonly (string Name, Type Type, Func<ResultColumn, object?> Of)[] Facts =
    [
        (SchemaTableColumn.ColumnName, typeof(string), column => column.ColumnName),
        (SchemaTableColumn.ColumnOrdinal, typeof(int), column => column.ColumnOrdinal),
        (SchemaTableColumn.ColumnSize, typeof(int), column => column.ColumnSize),
        (SchemaTableColumn.NumericPrecision, typeof(short), column => column.NumericPrecision),
        (SchemaTableColumn.NumericScale, typeof(short), column => column.NumericScale),
        (SchemaTableColumn.DataType, typeof(Type), column => column.DataType),
        ("DataTypeName", typeof(string), column => column.DataTypeName),
        (SchemaTableColumn.AllowDBNull, typeof(bool), column => column.AllowDBNull),
        (SchemaTableColumn.IsKey, typeof(bool), column => column.IsKey),
        (SchemaTableColumn.IsUnique, typeof(bool), column => column.IsUnique),
        (SchemaTableColumn.IsLong, typeof(bool), column => column.IsLong),
        (SchemaTableColumn.IsAliased, typeof(bool), column => column.IsAliased),
        (SchemaTableColumn.IsExpression, typeof(bool), column => column.IsExpression),
        (SchemaTableOptionalColumn.IsReadOnly, typeof(bool), column => column.IsReadOnly),
        (SchemaTableOptionalColumn.IsAutoIncrement, typeof(bool), column => column.IsAutoIncrement),
        (SchemaTableOptionalColumn.IsHidden, typeof(bool), column => column.IsHidden),
        (SchemaTableOptionalColumn.BaseCatalogName, typeof(string), column => column.BaseCatalogName),
        (SchemaTableColumn.BaseSchemaName, typeof(string), column => column.BaseSchemaName),
        (SchemaTableColumn.BaseTableName, typeof(string), column => column.BaseTableName),
        (SchemaTableColumn.BaseColumnName, typeof(string), column => column.BaseColumnName),
    ];

    private static ResultColumn Of(QueryResult result, int ordinal) => new(
        ordinal,
        result.Reader.GetName(ordinal),
        result.TypeOf(ordinal) ?? SqlNameOf(result.Reader.GetDataTypeName(ordinal)),
        result.Reader.GetFieldType(ordinal));

    // Each row is one of a table, and all columns by which the table tells its rows apart are there.
    private static bool HasWholeKey(QueryResult result, List<ColumnOrigin?> origins) =>
        result.IsOfSingleRows
        && origins.OfType<ColumnOrigin>().FirstOrDefault() is { Table: var table }
        && table.Resource.PrimaryKey.All(key => origins.Exists(origin => origin?.Column == key));

    // The driver names types after their members in .NET.
    private static string SqlNameOf(string member) => member switch
    {
        "TimestampTz" => FieldValue.TimestampWithZone,
        _ => member.ToUpperInvariant(),
    };

    private static int ByteCount(Type type) =>
        type == typeof(bool) || type == typeof(byte) || type == typeof(sbyte) ? 1
        : type == typeof(short) || type == typeof(ushort) ? 2
        : type == typeof(int) || type == typeof(uint) || type == typeof(float) ? 4
        : type == typeof(long) || type == typeof(ulong) || type == typeof(double) || type == typeof(DateTime) || type == typeof(TimeSpan) ? 8
        : type == typeof(decimal) || type == typeof(Guid) ? 16
        : -1;

    private void Take(ColumnOrigin? origin)
    {
        IsExpression = origin is null;
        IsAliased = origin is not null && origin.Column != ColumnName;
        if (origin is null)
        {
            return;
        }

        (BaseCatalogName, BaseSchemaName) = (SchemaCollections.Catalog, SchemaCollections.Schema);
        (BaseTableName, BaseColumnName) = (origin.Table.Name, origin.Column);
        AllowDBNull = !origin.IsKey || origin.IsPadded;
    }

    [GeneratedRegex(@"^DECIMAL\((\d+),(\d+)\)\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Decimal();
}
