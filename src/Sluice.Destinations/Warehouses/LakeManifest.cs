using Sluice.Destinations.Files;
using Sluice.Destinations.Files.Formats;
using Sluice.Destinations.Files.Manifest;
using Sluice.Engine;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Warehouses;

/// <summary>What a table's <c>_manifest.json</c> says of its current version.</summary>
public sealed record LakeManifest
{
    /// <summary>The paths of the files below the table's folder, in the manifest's order.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    private IReadOnlyList<LakeColumn> Columns { get; init; } = [];

    private IReadOnlyList<Partition> Partitions { get; init; } = [];

    /// <summary>Reads a manifest.</summary>
    /// <param name="json">The manifest's bytes.</param>
    /// <param name="schema">The schema that the table must be in.</param>
    /// <param name="table">The table whose manifest it must be.</param>
    /// <exception cref="SluiceException">It is no manifest, or another table's (kind Config).</exception>
    public static LakeManifest Read(byte[] json, string schema, string table)
    {
        var manifest = Parse(json);
        if (manifest.Schema != schema || manifest.Table != table)
        {
            throw Wrong($"it is that of {ManifestCheck.Shown($"{manifest.Schema}.{manifest.Table}")}, and {schema}.{table} is asked for");
        }

        if (manifest is not { Layout: { } layout, Columns: { Count: > 0 } columns, Files: { Count: > 0 } files })
        {
            throw Wrong("it names no file or no column, so that there is nothing to load");
        }

        return layout.Format != FileFormat.Parquet
                ? throw Wrong($"its files are {layout.Format.ToString().ToLowerInvariant()}, and the statements read Parquet")
            : files.FirstOrDefault(file => !file.Path.EndsWith(".parquet", StringComparison.Ordinal)) is { } strange
                ? throw Wrong($"it names a file that is none of {table}'s: {ManifestCheck.Shown(strange.Path)}")
            : new LakeManifest
            {
                Files = [.. files.Select(file => file.Path)],
                Columns = [.. columns.Select(column => new LakeColumn(column.Name, SqlType.Parse(column.Type)))],
                Partitions = Partition.ReadList(layout.PartitionBy),
            };
    }

    /// <summary>Gives the table the columns that its files have, in their order, and those of its folders.</summary>
    public LakeTable ApplyTo(LakeTable table) => table with
    {
        Columns = Columns,
        Partitions = [.. Partitions.Select(LakeFolders.Column)],
    };

    private static TableManifest Parse(byte[] json)
    {
        try
        {
            return ManifestJson.ReadManifest(json, "the file", null);
        }
        catch (SluiceException error) when (error.Kind == SluiceErrorKind.Destination)
        {
            throw Wrong(error.Message.TrimEnd('.'), error);
        }
    }

    private static SluiceException Wrong(string why, Exception? inner = null) => new(
        SluiceErrorKind.Config, $"--manifest can't be used: {why}.", "Give the _manifest.json that stands in the table's folder of the lake.", inner);
}
