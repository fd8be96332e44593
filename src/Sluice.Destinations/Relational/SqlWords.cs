using System.Data.Common;
using System.Globalization;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations.Relational;

/// <summary>What one relational database says differently from another about names, values and the book-keeping tables.</summary>
internal abstract class SqlWords
{
    /// <summary>Quotes a name.</summary>
    public virtual string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A table's whole name, quoted.</summary>
    public virtual string Table(string schema, string table) => $"{Quote(schema)}.{Quote(table)}";

    /// <summary>The place of a value in a statement.</summary>
    public virtual string Parameter(string name) => $"@{name}";

    /// <summary>The same for a value that goes into a book-keeping column with JSON.</summary>
    public virtual string JsonParameter(string name) => Parameter(name);

    /// <summary>The value as the driver takes it.</summary>
    public virtual object Value(object? value) => value ?? DBNull.Value;

    /// <summary>Reads a text, all of it.</summary>
    public virtual string Text(DbDataReader row, int ordinal) => Convert.ToString(row.GetValue(ordinal), CultureInfo.InvariantCulture)!;

    /// <summary>The type of a book-keeping column; <see cref="ColumnType.Json"/> must keep the text as it is.</summary>
    public abstract string BookType(ColumnType type);

    /// <summary>The names of a schema's tables.</summary>
    public abstract Task<IReadOnlySet<string>> TablesAsync(Session session, string schema, CancellationToken cancel);

    /// <summary>Makes the schema, if need be; alone, since two that make it at once would collide.</summary>
    public abstract Task CreateSchemaAsync(Session session, string schema, CancellationToken cancel);
}
