using System.Text.Json;
using Sluice.Engine;

namespace Sluice.Destinations.Ddl;

/// <summary>Reads which files are the current version of a table, from its <c>_manifest.json</c>.</summary>
public static class LakeManifest
{
    /// <summary>The paths below the lake's address, in the manifest's order.</summary>
    /// <param name="json">The manifest's bytes.</param>
    /// <param name="table">The table whose manifest it must be.</param>
    /// <exception cref="SluiceException">It is no manifest, or another table's (kind Config).</exception>
    public static IReadOnlyList<string> Files(ReadOnlyMemory<byte> json, string table)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("files", out var files))
            {
                throw Wrong("it has no list of files");
            }

            var paths = files.EnumerateArray().Select(file => file.GetProperty("path").GetString() ?? "").ToList();
            return paths.Count == 0 ? throw Wrong("it names no file, so that there is nothing to load")
                : paths.Find(path => !Belongs(path, table)) is { } strange ? throw Wrong($"it names a file that is none of {table}'s: {Shown(strange)}")
                : paths;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw Wrong("it is not what Sluice writes", error);
        }
    }

    private static bool Belongs(string path, string table) =>
        path.StartsWith(table + "/", StringComparison.Ordinal) && path.EndsWith(".parquet", StringComparison.Ordinal)
        && LakeAddress.IsPlain(path) && !path.Split('/').Contains("..", StringComparer.Ordinal);

    // A name can hold anything, also what a terminal would take for a command.
    private static string Shown(string path) => JsonEncodedText.Encode(path.Length <= 200 ? path : path[..200]).ToString();

    private static SluiceException Wrong(string why, Exception? inner = null) => new(
        SluiceErrorKind.Config, $"--manifest can't be used: {why}.", "Give the _manifest.json that stands in the table's folder of the lake.", inner);
}
