using System.Data;
using System.Data.Common;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;

namespace Sluice.Engine.DuckDb;

/// <summary>
/// A statement that runs on a pool thread and is interrupted when its token is cancelled; the package's own would run on the caller's thread.
/// </summary>
public sealed partial class InterruptibleCommand : DuckDBCommand
{
    /// <summary>Runs the statements and gives the number of rows that they changed.</summary>
    public override int ExecuteNonQuery()
    {
        InlineTextsWithNul();
        UseStreamingMode = false;
        return base.ExecuteNonQuery();
    }

    /// <inheritdoc cref="ExecuteNonQuery" />
    public override Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken) => RunAsync(ExecuteNonQuery, cancellationToken);

    /// <summary>Runs the statements and gives the first value of the first row.</summary>
    public override Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken) => RunAsync(ExecuteScalar, cancellationToken);

    /// <summary>Runs the statements and reads their rows as DuckDB computes them, so that big results need no memory.</summary>
    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior)
    {
        InlineTextsWithNul();
        UseStreamingMode = true;
        return base.ExecuteDbDataReader(behavior);
    }

    /// <inheritdoc cref="ExecuteDbDataReader" />
    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken)
    {
        var reader = await RunAsync(() => ExecuteDbDataReader(behavior), cancellationToken);
        if (!cancellationToken.IsCancellationRequested)
        {
            return reader;
        }

        // The interrupt may have reached the stream just after its start.
        await reader.DisposeAsync();
        throw new OperationCanceledException(cancellationToken);
    }

    private async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return await Task.Run(() => Interruptible(work, cancel), CancellationToken.None);
    }

    private T Interruptible<T>(Func<T> work, CancellationToken cancel)
    {
        using var scope = new InterruptScope(this, cancel);
        try
        {
            return work();
        }
        catch (Exception error) when (cancel.IsCancellationRequested && IsInterrupt(error))
        {
            throw new OperationCanceledException("The statement was cancelled.", error, cancel);
        }
    }

    // An interrupt that meets the statement while it is prepared is an error like others.
    private static bool IsInterrupt(Exception error) =>
        error is OperationCanceledException || (error is DuckDBException && error.Message.StartsWith("INTERRUPT Error", StringComparison.Ordinal));

    // The package binds text up to its first U+0000 only, which would cut it off without a word.
    private void InlineTextsWithNul()
    {
        var texts = Parameters.Cast<DuckDBParameter>()
            .Where(parameter => parameter.Value is string text && text.Contains('\0', StringComparison.Ordinal))
            .ToDictionary(parameter => $"${parameter.ParameterName}", StringComparer.Ordinal);
        if (texts.Count > 0)
        {
            CommandText = ParameterName()
                .Replace(CommandText, name => texts.TryGetValue(name.Value, out var found) ? DuckDBLiteral.Quote((string)found.Value!) : name.Value);
            texts.Values.ToList().ForEach(Parameters.Remove);
        }
    }

    [GeneratedRegex(@"\$\w+", RegexOptions.NonBacktracking)]
    private static partial Regex ParameterName();
}
