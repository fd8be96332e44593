using System.Text.Json.Serialization;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Load;

/// <summary>The models of one schema's tables: views that answer questions, in a schema beside it.</summary>
public interface IModelViews
{
    /// <summary>Makes all models that the tables which are there allow, in one transaction where the destination has them.</summary>
    /// <param name="isDryRun">Whether only the statements are wanted, and nothing is changed.</param>
    /// <param name="cancel">Stops it; nothing is changed then where there are transactions.</param>
    /// <returns>What became of each model.</returns>
    /// <exception cref="SluiceException">The destination refuses (kind Destination).</exception>
    Task<IReadOnlyList<ModelReport>> MakeAsync(bool isDryRun, CancellationToken cancel);

    /// <summary>Removes the views that Sluice has made; gives their names.</summary>
    Task<IReadOnlyList<string>> DropAsync(CancellationToken cancel);

    /// <summary>The tables that are there of those that the catalog knows, whatever they are called, with their columns.</summary>
    Task<FoundTables> FindTablesAsync(CancellationToken cancel);
}

/// <summary>The tables of a schema.</summary>
/// <param name="Schema">What the database calls the schema.</param>
/// <param name="Ledger">What it calls the table with the account of every load; null when that is not there.</param>
/// <param name="Tables">The tables, by the names that the catalog gives them.</param>
public sealed record FoundTables(string Schema, string? Ledger, IReadOnlyList<FoundTable> Tables);

/// <summary>A table that is there.</summary>
/// <param name="Source">The table as the catalog calls it, as <c>campaign_metrics:days</c>.</param>
/// <param name="Name">Its own name, by which the ledger knows it.</param>
/// <param name="Identifier">What the database calls it.</param>
/// <param name="Columns">Its columns with their types, in their order.</param>
public sealed record FoundTable(string Source, string Name, string Identifier, IReadOnlyDictionary<string, ColumnType> Columns)
{
    /// <summary>What stands behind its name where it is read, so that each row comes once; empty where nothing is needed.</summary>
    public string ReadWith { get; init; } = "";

    /// <summary>Whether the ledger has a load of it.</summary>
    public bool IsLoaded { get; init; } = true;
}

/// <summary>What became of one model.</summary>
/// <param name="Name">The model.</param>
/// <param name="View">The view's name in the destination.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record ModelReport(string Name, string View, ModelOutcome Outcome)
{
    /// <summary>What is lacking, and which columns are left out because of it.</summary>
    public IReadOnlyList<string> Lacks { get; init; } = [];

    /// <summary>The statements that make it.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Statements { get; init; } = [];
}

/// <summary>How the making of a model ended.</summary>
public enum ModelOutcome
{
    /// <summary>The view is there.</summary>
    Made,

    /// <summary>Its name belongs to a table or view that Sluice has not made, which was left alone.</summary>
    Taken,

    /// <summary>The tables that it needs are not there.</summary>
    Lacking,
}
