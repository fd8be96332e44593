using System.Globalization;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Sluice.Engine.DuckDb;

/// <summary>Says DuckDB's errors in words that tell what to do.</summary>
public static partial class DuckDbErrors
{
    private const string OpenPrefix = "DuckDBOpen failed: ";

    // A conflict between two transactions, a signal, a disk on which room can be made.
    private static readonly string[] Passing = ["TransactionContext Error", "INTERRUPT Error", "IO Error", "No space left"];

    // Errors of a statement that could not be prepared have no type, only a message.
    private static readonly string[] ValueErrors = ["Conversion Error", "Invalid Input Error", "Out of Range Error"];

    /// <summary>A file can't be opened, or another process has it open, which passes.</summary>
    public static SluiceException Opening(string path, DuckDBException error)
    {
        if (LockHolderOf(error) is var (holder, pid))
        {
            return new SluiceException(
                SluiceErrorKind.Destination,
                $"{path} is in use by {holder} (process {pid}); DuckDB lets one process write at a time.",
                $"Close that program (or wait for it) and run the same command again; 'ps {pid}' shows it.",
                error)
            { IsTransient = true };
        }

        return new SluiceException(
            SluiceErrorKind.Destination,
            $"{path} can't be opened as a DuckDB database: {FirstLine(error)}",
            FullDisk.IsReached(error) ? "Make room on its disk, then run the same command again."
                : "Check the path and its rights; if the file is something else, choose another name.",
            error);
    }

    /// <summary>This process has a file open whose name differs from the wanted one in upper and lower case only.</summary>
    public static SluiceException NameInUse(string path, string opened) => new(
        SluiceErrorKind.Destination,
        $"{path} can't be opened beside {opened}: within one process DuckDB files need names that differ in more than upper and lower case.",
        "Rename one of the two files, or load them by commands of their own.");

    // The system keeps a removed file alive for whoever has it open: without a look at the name all seems well.
    /// <summary>A file was removed while it was open.</summary>
    public static SluiceException Removed(string path) =>
        new(
            SluiceErrorKind.Destination,
            $"{path} was removed while it was being written: the rows of this run went with it. Run the same command again: it makes the file anew.");

    /// <summary>A table can't be written.</summary>
    public static SluiceException Writing(string table, DuckDBException error) => new(
        SluiceErrorKind.Destination, $"Writing {table} failed: {FirstLine(error)}", Advice(error), error);

    /// <summary>A table can't be read.</summary>
    public static SluiceException Reading(string table, DuckDBException error) => new(
        SluiceErrorKind.Destination,
        $"Reading {table} failed: {FirstLine(error)}",
        IsOutOfMemory(error) ? MemoryBudget.OfProcess.Advice : null,
        error);

    /// <summary>Something failed that is said in words of its own, such as "Writing customerio._sluice_state".</summary>
    public static SluiceException Doing(string doing, DuckDBException error) =>
        new(SluiceErrorKind.Destination, $"{doing} failed: {FirstLine(error)}", Advice(error), error);

    /// <summary>The program and the id of the process that holds a file, when the error is about that.</summary>
    public static (string Program, int Pid)? LockHolderOf(Exception error)
    {
        var match = LockHolder().Match(error.Message);
        return match.Success && int.TryParse(match.Groups["pid"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            ? (match.Groups["holder"].Value.Trim(), pid)
            : null;
    }

    /// <summary>What to do after something failed for which everything was fetched.</summary>
    public static string Advice(DuckDBException error) =>
        IsOutOfMemory(error) ? $"What was fetched is kept. {MemoryBudget.OfProcess.Advice}"
        : Passing.Any(words => error.Message.Contains(words, StringComparison.OrdinalIgnoreCase))
            ? "What was fetched is kept: run the same command again."
        : "What was fetched is kept, and loaded by the next run when that is changed.";

    /// <summary>What of a table refuses rows, or a wider type; null when the error is another one.</summary>
    /// <param name="message">DuckDB's message.</param>
    public static TableRefusal? Refusal(string message) =>
        NotNull().Match(message) is { Success: true } found ? new TableRefusal(RefusedBy.NotNull, found.Groups["column"].Value)
        : message.Contains("violates unique constraint", StringComparison.Ordinal)
            || message.Contains("Data contains duplicates", StringComparison.Ordinal) ? new TableRefusal(RefusedBy.UniqueIndex)
        : message.Contains("an index depends on it", StringComparison.Ordinal)
            || message.StartsWith("Dependency Error: Cannot alter entry", StringComparison.Ordinal) ? new TableRefusal(RefusedBy.Index)
        : message.Contains("still referenced by a foreign key", StringComparison.Ordinal)
            || message.Contains("is main key table of", StringComparison.Ordinal) ? new TableRefusal(RefusedBy.Reference)
        : message.StartsWith("Constraint Error", StringComparison.Ordinal) ? new TableRefusal(RefusedBy.Constraint)
        : null;

    /// <summary>Whether a value could not be cast, as opposed to a statement that can't run at all.</summary>
    public static bool IsAboutValue(DuckDBException error) =>
        error.ErrorType is DuckDBErrorType.Conversion or DuckDBErrorType.InvalidInput or DuckDBErrorType.OutOfRange
        || ValueErrors.Any(kind => error.Message.StartsWith(kind, StringComparison.Ordinal));

    /// <summary>Whether DuckDB had too little memory.</summary>
    public static bool IsOutOfMemory(DuckDBException error) =>

        // At a commit the error is the transaction's, and only its text tells.
        error.Message.Contains("Out of Memory Error", StringComparison.Ordinal)
        || error.Message.Contains("failed to pin block", StringComparison.Ordinal)
        || error.Message.Contains("failed to allocate", StringComparison.Ordinal);

    private static string FirstLine(DuckDBException error)
    {
        var line = error.Message.Split('\n')[0];
        return line.StartsWith(OpenPrefix, StringComparison.Ordinal) ? line[OpenPrefix.Length..] : line;
    }

    [GeneratedRegex(@"NOT NULL constraint failed: [^\n]*\.(?<column>[^\n.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NotNull();

    // "Conflicting lock is held in /usr/bin/node (PID 12) by user x", "... is held in PID 12", Windows: "File is already open in \nC:\x.exe (PID 12)"
    [GeneratedRegex(@"(?:lock is held in|already open in)\s+(?<holder>[^\n]*?)\(?PID (?<pid>\d+)\)?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LockHolder();
}

/// <summary>What of a table can refuse rows.</summary>
public enum RefusedBy
{
    /// <summary>A column that must have a value.</summary>
    NotNull,

    /// <summary>An index that has each value once.</summary>
    UniqueIndex,

    /// <summary>Any index: no column of its table can get another type.</summary>
    Index,

    /// <summary>A foreign key of another table.</summary>
    Reference,

    /// <summary>A constraint that DuckDB has no statement to drop.</summary>
    Constraint,
}

/// <summary>Why a table of DuckDB's does not take rows, or a wider type.</summary>
/// <param name="By">What refuses.</param>
/// <param name="Column">The column that must have a value.</param>
public sealed record TableRefusal(RefusedBy By, string? Column = null);
