using System.Data.Common;
using System.Text.Json.Nodes;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Merge;

/// <summary>How one database gives the values of a table's rows as text, and takes them back exactly; types are those of the table's owner.</summary>
internal abstract class RowSql
{
    /// <summary>The schema of a table that names none.</summary>
    public abstract string UsualSchema { get; }

    /// <summary>A statement at the beginning of a transaction, so that all of it sees one state of the table; null for none.</summary>
    public virtual string? Begin => null;

    /// <summary>Whether a column of numbers holds nothing else; what JSON can't hold, such as NaN, is told then.</summary>
    public virtual bool HoldsOnlyNumbers => true;

    /// <summary>Reads the columns of a table in their order; empty when there is no such table.</summary>
    public abstract Task<IReadOnlyList<EditableColumn>> ColumnsAsync(DbSession session, string schema, string table, CancellationToken cancel);

    /// <summary>The expression that gives a column's value.</summary>
    /// <param name="name">The column, quoted.</param>
    /// <param name="column">What it is.</param>
    public virtual string Read(string name, EditableColumn column) => name;

    /// <summary>The value that the expression gave, as JSON; never of a NULL.</summary>
    public virtual JsonNode? Value(DbDataReader row, int ordinal, EditableColumn column) => Parsed(row.GetString(ordinal), column.Form);

    /// <summary>The expression that makes a column's value of a parameter.</summary>
    /// <param name="table">The table, quoted.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="column">What the column is.</param>
    public virtual string Write(string table, string parameter, EditableColumn column) => parameter;

    /// <summary>The parameter's value for a value in the column's form.</summary>
    public virtual object? Parameter(JsonNode? value, EditableColumn column) => value is null ? null : FormedValue.TextOf(value);

    // A number that JSON does not know, such as NaN, stays the text that it is.
    protected static JsonNode? Parsed(string text, JsonForm form) => form switch
    {
        JsonForm.Json => JsonNode.Parse(text),
        _ => FormedValue.Of(JsonValue.Create(text), form),
    };
}
