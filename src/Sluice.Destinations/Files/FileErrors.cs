using DuckDB.NET.Data;
using Sluice.Engine;
using Sluice.Engine.DuckDb;

namespace Sluice.Destinations.Files;

/// <summary>Says what went wrong with files in words that tell what to do.</summary>
internal static class FileErrors
{
    private const string Again = "What was fetched is kept: run the same command again.";

    public static SluiceException Folder(string folder, Exception error) =>
        new(
            SluiceErrorKind.Destination,
            FullDisk.IsReached(error) ? $"There is no room left for {folder}." : $"{folder} can't be written: {error.Message}",
            FullDisk.IsReached(error)
                ? $"Make room on that disk. The table is as it was. {Again}"
                : $"Check that the folder is one, and its rights: ls -ld '{folder}'. {Again}",
            error);

    public static SluiceException Writing(string table, string folder, DuckDBException error) => new(
        SluiceErrorKind.Destination,
        $"Writing the files of {table} to {folder} failed: {FirstLine(error)}",
        $"{(FullDisk.IsReached(error) ? "Make room on that disk. " : "")}The table is as it was. {DuckDbErrors.Advice(error)}",
        error);

    public static SluiceException Reading(string table, string folder, DuckDBException error) => new(
        SluiceErrorKind.Destination,
        $"Reading the files of {table} in {folder} failed: {FirstLine(error)}",
        "Put back files that were removed or changed, or read the table again with --full-refresh.",
        error);

    /// <summary>Does what touches the file system.</summary>
    public static async Task<T> TryAsync<T>(string folder, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Folder(folder, error);
        }
    }

    private static string FirstLine(DuckDBException error) => error.Message.Split('\n')[0];
}
