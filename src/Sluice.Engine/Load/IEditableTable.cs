using System.Text.Json.Nodes;

namespace Sluice.Engine.Load;

/// <summary>
/// A table of a database, of its user's own making, whose rows are read as JSON and changed one by one in a single transaction. What is not
/// committed when it is disposed of is rolled back.
/// </summary>
public interface IEditableTable : IAsyncDisposable
{
    /// <summary>The columns in their order.</summary>
    IReadOnlyList<EditableColumn> Columns { get; }

    /// <summary>The statement by which a user adds a column.</summary>
    string AddColumn(string name, JsonForm form);

    /// <summary>Reads all rows; a NULL is left out.</summary>
    /// <param name="columns">The columns to read.</param>
    /// <param name="most">How many rows there may be.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="SluiceException">There are more, the database refuses it, or a value can't be JSON (kind Destination).</exception>
    Task<IReadOnlyList<JsonObject>> ReadAsync(IReadOnlyList<string> columns, int most, CancellationToken cancel);

    /// <summary>Inserts, updates or deletes a row.</summary>
    /// <exception cref="SluiceException">The database refuses it, or has not exactly one such row (kind Destination).</exception>
    Task ChangeAsync(RowEdit edit, CancellationToken cancel);

    /// <summary>Makes all changes visible at once.</summary>
    Task CommitAsync();
}

/// <summary>A column of such a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in the database's words.</param>
/// <param name="Form">What its values are in JSON.</param>
/// <param name="IsComputed">Whether the database gives its values, so that nobody can write them.</param>
public sealed record EditableColumn(string Name, string Type, JsonForm Form, bool IsComputed);

/// <summary>A change of one row.</summary>
/// <param name="Name">The row, for messages.</param>
/// <param name="Key">The columns of the key with their values; for a new row they stand among the values.</param>
/// <param name="Values">The values to set, null for NULL; null when the row is deleted.</param>
/// <param name="IsNew">Whether the row is inserted.</param>
public sealed record RowEdit(string Name, JsonObject Key, JsonObject? Values, bool IsNew);
