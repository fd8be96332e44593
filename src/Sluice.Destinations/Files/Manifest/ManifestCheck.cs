using System.Text.Json;
using Sluice.Engine;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Files.Manifest;

/// <summary>
/// Whoever can write to a shared folder or bucket can write a manifest. Its paths are opened and its types stand in statements, so that nothing of
/// it is used before all of it is what Sluice itself would write.
/// </summary>
/// <param name="place">The file, as an error names it.</param>
/// <param name="manifest">What it says. What the document lacks or gives as null is null, whatever the type says.</param>
internal sealed class ManifestCheck(string place, TableManifest manifest)
{
    private const int MostShown = 200;

    // Of a file, and of loads into a table; so that no sum of them goes beyond a long.
    private const long MostRows = 1L << 40;

    /// <exception cref="SluiceException">The manifest says something that Sluice does not write (kind Destination).</exception>
    public static TableManifest Require(string place, TableManifest manifest, string? folder)
    {
        manifest = manifest with
        {
            Columns = manifest.Columns ?? [],
            Files = manifest.Files ?? [],
            Rejects = manifest.Rejects ?? [],
            Fields = manifest.Fields ?? [],
            Ledger = manifest.Ledger ?? [],
        };
        var check = new ManifestCheck(place, manifest);
        check.RequireNames(folder);
        check.RequireTable();
        check.RequireColumns();
        check.RequireFiles();
        check.RequireState();
        return manifest;
    }

    /// <summary>A text of others as it can be shown: it can hold what a terminal would take for a command.</summary>
    public static string Shown(string text) => JsonEncodedText.Encode(text.Length <= MostShown ? text : text[..MostShown]).ToString();

    /// <summary>What is wrong with a file of a destination, and what to do about it.</summary>
    public static SluiceException Strange(string place, string why) => new(
        SluiceErrorKind.Destination,
        $"{place} {why}.",
        "Sluice did not write that: see who else can write there. Put back the file as it was, or remove its folder and read the table again.");

    private void RequireNames(string? folder)
    {
        if (manifest.Schema is not { Length: > 0 } schema || manifest.Table is not { Length: > 0 } table)
        {
            throw Strange(place, "does not say which table it is of");
        }

        // Some systems take a folder's name in any letters.
        if (folder is not null && !$"{PathNames.Safe(schema)}/{PathNames.Safe(table)}".Equals(folder, StringComparison.OrdinalIgnoreCase))
        {
            throw Strange(place, $"is that of the table {Shown($"{schema}.{table}")}, whose folder is another one");
        }

        if (
            manifest.Columns.Any(column => column is not { Name.Length: > 0, Type: not null })
            || manifest.Files.Any(file => file?.Path is null)
            || manifest.Rejects.Any(file => file is not { Path: not null, LoadId: not null })
            || manifest.Fields.Any(field => field is not { Column.Length: > 0, Type: not null, RunId: not null })
            || manifest.Ledger.Any(load => load is not { Source: not null, LoadId: not null, RunId: not null }))
        {
            throw Strange(place, "has entries without a name");
        }
    }

    private void RequireTable()
    {
        if (manifest.Columns.Count > 0 != manifest.Files.Count > 0 || (manifest.Layout is null && manifest.HasTable))
        {
            throw Strange(place, "names no file or no column, or does not say what the files are");
        }

        if (manifest.Epoch is < 0 or > MostRows)
        {
            throw Strange(place, "has a number of loads that can't be");
        }

        if (manifest.Layout is { } layout && !(Enum.IsDefined(layout.Format) && Enum.IsDefined(layout.Compression)))
        {
            throw Strange(place, "names a format or a compression that there is not");
        }
    }

    private void RequireColumns()
    {
        var columns = manifest.Columns.Select(column => (column.Name, column.Type));
        foreach (var (name, type) in columns.Concat(manifest.Fields.Select(field => (field.Column, field.Type))))
        {
            if (!SqlType.IsKnown(type))
            {
                throw Strange(place, $"gives the column {Shown(name)} a type that there is not: {Shown(type)}");
            }

            if (name.Contains('\0', StringComparison.Ordinal))
            {
                throw Strange(place, $"has a column that no table can have: {Shown(name)}");
            }
        }

        if (manifest.Columns.GroupBy(column => column.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw Strange(place, $"has the column {Shown(twice.Key)} twice");
        }
    }

    private void RequireFiles()
    {
        if (manifest.Paths.FirstOrDefault(path => !FilePath.IsOfTable(path)) is { } strange)
        {
            throw Strange(place, $"names a file that is none of {Shown(manifest.Table)}'s: {Shown(strange)}");
        }

        if (manifest.Files.FirstOrDefault(file => !HasRows(file)) is { } odd)
        {
            throw Strange(place, $"has numbers that can't be for {Shown(odd.Path)}");
        }
    }

    private void RequireState()
    {
        if (manifest.State is not { } state)
        {
            return;
        }

        if (state.Source is null || state.Parents is null || !state.Parents.Values.All(IsTime))
        {
            throw Strange(place, "has a state that can't be");
        }
    }

    // A text of DuckDB has 4 GiB at most.
    private static bool HasRows(DataFile file) =>
        file.Rows is >= 0 and <= MostRows && file.Marked >= 0 && file.Marked <= file.Rows && file.WidestRow is >= 0 and <= uint.MaxValue;

    private static bool IsTime(long seconds) =>
        seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds();
}

/// <summary>The paths of a table's files below its folder.</summary>
internal static class FilePath
{
    private const string Unreserved = "_-.~";

    /// <summary>
    /// Whether a path is made as Sluice makes them: plain names with slashes between, and folders of partitions such as
    /// <c>created_at_date=2026-01-31</c>, whose key alone can have letters that are percent-encoded.
    /// </summary>
    public static bool IsOfTable(string path)
    {
        var parts = path.Split('/');
        return parts[..^1].All(part => IsPlain(part) || IsPartition(part)) && IsPlain(parts[^1]);
    }

    // Nothing that any system takes for another folder, a drive, a stream or a pattern; Windows leaves a dot at the end out.
    private static bool IsPlain(string part) =>
        part.Length > 0 && part[0] is not ('.' or '~') && part[^1] != '.' && part.All(IsUnreserved);

    private static bool IsPartition(string part)
    {
        var equals = part.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            && part[0] is not ('.' or '~')
            && Uri.EscapeDataString(Uri.UnescapeDataString(part[..equals])).Equals(part[..equals], StringComparison.Ordinal)
            && (part[(equals + 1)..] == Partition.Null || (equals + 1 < part.Length && part[(equals + 1)..].All(IsOfDate)));
    }

    private static bool IsUnreserved(char letter) => char.IsAsciiLetterOrDigit(letter) || Unreserved.Contains(letter, StringComparison.Ordinal);

    private static bool IsOfDate(char letter) => char.IsAsciiDigit(letter) || letter == '-';
}
