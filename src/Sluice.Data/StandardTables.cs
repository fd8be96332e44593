using System.Data;
using System.Data.Common;
using System.Globalization;

namespace Sluice.Data;

/// <summary>Schema collections that ADO.NET defines and that are the same for all workspaces.</summary>
internal static class StandardTables
{
    // The name in SQL, its type in .NET, and what a program would declare for that type.
    private static readonly (string Name, Type Type, DbType DbType, bool IsBest)[] Types =
    [
        ("BOOLEAN", typeof(bool), DbType.Boolean, true),
        ("TINYINT", typeof(sbyte), DbType.SByte, true),
        ("SMALLINT", typeof(short), DbType.Int16, true),
        ("INTEGER", typeof(int), DbType.Int32, true),
        ("BIGINT", typeof(long), DbType.Int64, true),
        ("HUGEINT", typeof(decimal), DbType.VarNumeric, false),
        ("UTINYINT", typeof(byte), DbType.Byte, true),
        ("USMALLINT", typeof(ushort), DbType.UInt16, true),
        ("UINTEGER", typeof(uint), DbType.UInt32, true),
        ("UBIGINT", typeof(ulong), DbType.UInt64, true),
        ("FLOAT", typeof(float), DbType.Single, true),
        ("DOUBLE", typeof(double), DbType.Double, true),
        ("DECIMAL", typeof(decimal), DbType.Decimal, true),
        ("VARCHAR", typeof(string), DbType.String, true),
        ("JSON", typeof(string), DbType.String, false),
        ("BLOB", typeof(byte[]), DbType.Binary, true),
        ("UUID", typeof(Guid), DbType.Guid, true),
        ("DATE", typeof(DateTime), DbType.Date, false),
        ("TIME", typeof(TimeSpan), DbType.Time, false),
        ("TIMESTAMP", typeof(DateTime), DbType.DateTime2, false),
        (FieldValue.TimestampWithZone, typeof(DateTime), DbType.DateTime, true),
        ("INTERVAL", typeof(TimeSpan), DbType.Time, true),
    ];

    public static DataTable DataTypes() => Of(
        [
            (DbMetaDataColumnNames.TypeName, typeof(string)), (DbMetaDataColumnNames.ProviderDbType, typeof(int)),
            (DbMetaDataColumnNames.ColumnSize, typeof(long)), (DbMetaDataColumnNames.CreateFormat, typeof(string)),
            (DbMetaDataColumnNames.CreateParameters, typeof(string)), (DbMetaDataColumnNames.DataType, typeof(string)),
            (DbMetaDataColumnNames.IsAutoIncrementable, typeof(bool)), (DbMetaDataColumnNames.IsBestMatch, typeof(bool)),
            (DbMetaDataColumnNames.IsCaseSensitive, typeof(bool)), (DbMetaDataColumnNames.IsNullable, typeof(bool)),
            (DbMetaDataColumnNames.IsSearchable, typeof(bool)),
        ],
        Types.Select(type => new object?[]
        {
            type.Name, (int)type.DbType, null, type.Name, type.Name == "DECIMAL" ? "precision,scale" : null, type.Type.FullName, false,
            type.IsBest, type.Type == typeof(string), true, true,
        }));

    public static DataTable DataSource() => Of(
        [
            (DbMetaDataColumnNames.CompositeIdentifierSeparatorPattern, typeof(string)),
            (DbMetaDataColumnNames.DataSourceProductName, typeof(string)),
            (DbMetaDataColumnNames.DataSourceProductVersion, typeof(string)),
            (DbMetaDataColumnNames.DataSourceProductVersionNormalized, typeof(string)),
            (DbMetaDataColumnNames.GroupByBehavior, typeof(GroupByBehavior)), (DbMetaDataColumnNames.IdentifierPattern, typeof(string)),
            (DbMetaDataColumnNames.IdentifierCase, typeof(IdentifierCase)),
            (DbMetaDataColumnNames.OrderByColumnsInSelect, typeof(bool)), (DbMetaDataColumnNames.ParameterMarkerFormat, typeof(string)),
            (DbMetaDataColumnNames.ParameterMarkerPattern, typeof(string)), (DbMetaDataColumnNames.ParameterNameMaxLength, typeof(int)),
            (DbMetaDataColumnNames.ParameterNamePattern, typeof(string)), (DbMetaDataColumnNames.QuotedIdentifierPattern, typeof(string)),
            (DbMetaDataColumnNames.QuotedIdentifierCase, typeof(IdentifierCase)), (DbMetaDataColumnNames.StatementSeparatorPattern, typeof(string)),
            (DbMetaDataColumnNames.StringLiteralPattern, typeof(string)),
            (DbMetaDataColumnNames.SupportedJoinOperators, typeof(SupportedJoinOperators)),
        ],
        [
            [
                @"\.", "Customer.io", Version, Version, GroupByBehavior.Unrelated, "[A-Za-z_][A-Za-z0-9_]*", IdentifierCase.Insensitive, false,
                "@{0}",
                @"[@$:][A-Za-z_][A-Za-z0-9_]*|\?", 128, "^[A-Za-z_][A-Za-z0-9_]*$", "\"(([^\"]|\"\")*)\"", IdentifierCase.Insensitive, ";",
                "'(([^']|'')*)'",
                SupportedJoinOperators.Inner | SupportedJoinOperators.LeftOuter | SupportedJoinOperators.RightOuter
                    | SupportedJoinOperators.FullOuter,
            ],
        ]);

    public static DataTable Of(IEnumerable<(string Name, Type Type)> columns, IEnumerable<object?[]> rows)
    {
        var table = new DataTable { Locale = CultureInfo.InvariantCulture };
        foreach (var (name, type) in columns)
        {
            table.Columns.Add(name, type);
        }

        foreach (var row in rows)
        {
            table.Rows.Add(row);
        }

        return table;
    }

    private static string Version => typeof(StandardTables).Assembly.GetName().Version!.ToString(3);
}
