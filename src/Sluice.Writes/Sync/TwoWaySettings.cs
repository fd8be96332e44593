using Sluice.Engine.Load;

namespace Sluice.Writes.Sync;

/// <summary>A table of a database that is kept the same as a collection of Customer.io, or as its snippets.</summary>
public sealed record TwoWaySettings
{
    /// <summary>The name in the pipeline file.</summary>
    public required string Name { get; init; }

    /// <summary>What tells the workspace from others in journals, without a key in it.</summary>
    public required string Workspace { get; init; }

    /// <summary>What makes the workspace the same one when it is given another key.</summary>
    public required string WorkspaceIdentity { get; init; }

    /// <summary>What the database is called.</summary>
    public required string Database { get; init; }

    /// <summary>What makes the database the same one, without a password in it.</summary>
    public required string DatabaseIdentity { get; init; }

    /// <summary>The table, with its schema or without.</summary>
    public required string Table { get; init; }

    /// <summary>Opens the table, to be read or, if true, to be changed.</summary>
    public required Func<bool, CancellationToken, Task<IEditableTable>> OpenAsync { get; init; }

    /// <summary>The collection's name or id; null for snippets.</summary>
    public string? Collection { get; init; }

    /// <summary>The command that makes a collection that is not there.</summary>
    public required string MakingCommand { get; init; }

    /// <summary>The columns by which rows of both sides are paired.</summary>
    public required IReadOnlyList<string> Key { get; init; }

    /// <summary>The columns that are kept the same, besides the key; all of the table when it is empty.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Whose row is taken when both have changed.</summary>
    public Preference Prefer { get; init; }

    /// <summary>The table's column that says when a row was changed; needed to prefer the newest.</summary>
    public string? ChangedAt { get; init; }

    /// <summary>Whether a row that is gone on one side is deleted on the other.</summary>
    public bool Deletes { get; init; }

    /// <summary>How many deletions a run may make on a side.</summary>
    public DeletionLimit MostDeletes { get; init; } = DeletionLimit.Usual;

    /// <summary>The folder for what is kept between runs.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>How long to wait until Customer.io shows what it has taken.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The table's side in messages.</summary>
    public string TableTitle => $"the table {Table} of {Database}";

    /// <summary>Customer.io's side in messages.</summary>
    public string TargetTitle => Collection is null ? "the snippets" : $"the collection {Collection}";
}

/// <summary>Whose row is taken when both sides have changed it.</summary>
public enum Preference
{
    /// <summary>Nobody's: it is listed, and stays as it is on both sides.</summary>
    None,

    /// <summary>The database's.</summary>
    Database,

    /// <summary>Customer.io's.</summary>
    CustomerIo,

    /// <summary>The one that was changed later.</summary>
    Newest,
}

/// <summary>How many rows a run may delete on a side.</summary>
/// <param name="Number">Rows, or percent of the rows at the last run.</param>
/// <param name="IsPercent">Whether it is percent.</param>
public sealed record DeletionLimit(int Number, bool IsPercent)
{
    /// <summary>10 percent.</summary>
    public static DeletionLimit Usual { get; } = new(10, true);

    /// <summary>The number of rows; of few rows one may go.</summary>
    public long Of(long count) => IsPercent ? (long)Math.Ceiling(count * (Number / 100.0)) : Number;

    /// <summary>Gives it as the pipeline file has it.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Number}{(IsPercent ? "%" : "")}");
}
