using Sluice.DuckDb;

namespace Sluice.Engine.DuckDb;

/// <summary>Says DuckDB's errors in words that tell what to do.</summary>
public static class DuckDbErrors
{
    /// <summary>A file could not be opened; says who has it.</summary>
    public static SluiceException Opening(string path, DuckDBException error)
    {
        if (error.LockHolderPid is { } pid)
        {
            return new SluiceException(
                SluiceErrorKind.Destination,
                $"{path} is in use by {error.LockHolder} (process {pid}); DuckDB lets one process write at a time.",
                $"Close that program (or wait for it) and run the same command again; 'ps {pid}' shows it.",
                error)
            { IsTransient = true };
        }

        return new SluiceException(
            SluiceErrorKind.Destination,
            $"{path} can't be opened as a DuckDB database: {FirstLine(error)}",
            "Check the path and its rights; if the file is something else, choose another name.",
            error);
    }

    /// <summary>A file was removed; the system keeps it alive for whoever has it open, so that all seems well without a look at the name.</summary>
    public static SluiceException Removed(string path) => new(
        SluiceErrorKind.Destination, $"{path} was removed while it was being written: the rows of this run went with it. Run the same command again: it makes the file anew.");

    /// <summary>A statement that writes a table failed.</summary>
    public static SluiceException Writing(string table, DuckDBException error) => new(
        SluiceErrorKind.Destination, $"Writing {table} failed: {FirstLine(error)}", "What was fetched is kept: run the same command again.", error);

    /// <summary>A statement that reads a table failed.</summary>
    public static SluiceException Reading(string table, DuckDBException error) =>
        new(SluiceErrorKind.Destination, $"Reading {table} failed: {FirstLine(error)}", null, error);

    /// <summary>Something failed that is said in words of its own, such as "Writing customerio._sluice_state".</summary>
    public static SluiceException Doing(string doing, DuckDBException error) =>
        new(SluiceErrorKind.Destination, $"{doing} failed: {FirstLine(error)}", "What was fetched is kept: run the same command again.", error);

    private static string FirstLine(DuckDBException error) => error.Message.Split('\n')[0];
}
