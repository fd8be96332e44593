using System.Data.Common;
using Microsoft.Data.Sqlite;
using Sluice.Engine;

namespace Sluice.Destinations.Sqlite;

/// <summary>Says SQLite's errors in words that tell what to do.</summary>
internal static class SqliteErrors
{
    private const string Again = "What was fetched is kept: run the same command again.";
    private const string Kept = "What was fetched is kept, and loaded by the next run when that is changed.";

    private const string TooWide =
        "SQLite takes 2,000 columns. Put new fields into one column with --schema-contract json, or leave columns out with --exclude-columns.";

    public static SluiceException Explain(string doing, string path, DbException error)
    {
        var (said, hint, isTransient) = (error as SqliteException)?.SqliteErrorCode switch
        {
            5 or 6 => (
                $"{path} is being written by {FileHolders.Of(path)}; SQLite lets one program write at a time.",
                $"Wait for it or close it. {Again}",
                true),
            8 => ($"{path} can't be written: it, or its folder, is read-only.", $"chmod u+w '{path}', or choose another file.", false),
            11 => ($"{path} is damaged: {FirstLine(error)}", "Restore it from a copy; 'PRAGMA integrity_check' tells what is wrong with it.", false),
            13 => (
                $"{doing} failed: the disk of {path} is full.",
                $"Make room; a load needs twice the space of its rows for a while. {Again}",
                false),
            14 when !File.Exists(path) && !Directory.Exists(path) => (
                $"{path} was removed while it was being written: the rows of this run went with it.",
                "Run the same command again: it makes the file anew.",
                false),
            14 => (
                $"{path} can't be opened: {(Directory.Exists(path) ? "it is a folder." : FirstLine(error))}",
                "Check the path and its rights.",
                false),
            26 => ($"{path} is no SQLite database.", "Choose another name; nothing was written into the file.", false),
            1 when error.Message.Contains("too many columns", StringComparison.Ordinal)
                || error.Message.Contains("Expression tree is too large", StringComparison.Ordinal) => (
                $"{doing} failed at {path}: {FirstLine(error)}",
                TooWide,
                false),
            9 or 10 or 15 or 17 => ($"{doing} failed at {path}: {FirstLine(error)}", Again, true),
            _ => ($"{doing} failed at {path}: {FirstLine(error)}", Kept, false),
        };
        return new SluiceException(SluiceErrorKind.Destination, said, hint, error) { IsTransient = isTransient };
    }

    private static string FirstLine(DbException error) => error.Message.Split('\n')[0];
}
