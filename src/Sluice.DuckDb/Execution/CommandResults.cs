namespace Sluice.DuckDb.Execution;

/// <summary>What a whole command gave back: its row sets in order, and the rows changed by its other statements.</summary>
internal sealed class CommandResults : IDisposable
{
    internal List<QueryResult> RowSets { get; } = [];

    /// <summary>Null when no statement can change rows.</summary>
    internal long? RowsChanged { get; private set; }

    internal void Add(QueryResult result)
    {
        switch (result.ReturnType)
        {
            case Native.NativeReturnType.QueryResult:
                RowSets.Add(result);
                return;
            case Native.NativeReturnType.ChangedRows:
                RowsChanged = (RowsChanged ?? 0) + result.RowsChanged;
                break;
        }
        result.Dispose();
    }

    public void Dispose() => RowSets.ForEach(r => r.Dispose());
}
