using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Engine;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Files.Manifest;

/// <summary>The documents beside the data as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(TableManifest))]
[JsonSerializable(typeof(RunDocument))]
internal sealed partial class ManifestJson : JsonSerializerContext
{
    public static byte[] Write(TableManifest manifest) => JsonSerializer.SerializeToUtf8Bytes(manifest, Default.TableManifest);

    public static byte[] Write(RunDocument run) => JsonSerializer.SerializeToUtf8Bytes(run, Default.RunDocument);

    /// <exception cref="SluiceException">The document is not one of ours.</exception>
    public static RunDocument ReadRun(byte[] json, string place)
    {
        var run = Read(json, place, bytes => JsonSerializer.Deserialize(bytes, Default.RunDocument));
        return run is { RunId: not null, Report.ValueKind: JsonValueKind.Object }
            ? run
            : throw ManifestCheck.Strange(place, "is no account of a run");
    }

    /// <summary>Reads a manifest.</summary>
    /// <param name="json">The document.</param>
    /// <param name="place">The file, as an error names it.</param>
    /// <param name="folder">The folders of schema and table that it stands in; null for a file that was named by itself.</param>
    /// <exception cref="SluiceException">The document is not one of ours, or of a later version.</exception>
    public static TableManifest ReadManifest(byte[] json, string place, string? folder)
    {
        var manifest = Read(json, place, bytes => JsonSerializer.Deserialize(bytes, Default.TableManifest));
        return manifest.Version <= Manifest.TableManifest.Newest
            ? ManifestCheck.Require(place, manifest, folder)
            : throw new SluiceException(
                SluiceErrorKind.Destination,
                $"{place} was written by a newer Sluice (version {manifest.Version} of the document, {Manifest.TableManifest.Newest} is known here).",
                "Use that one.");
    }

    private static T Read<T>(byte[] json, string place, Func<byte[], T?> read)
    {
        try
        {
            return read(json) ?? throw new JsonException();
        }
        catch (JsonException error)
        {
            throw new SluiceException(
                SluiceErrorKind.Destination,
                $"{place} is not what Sluice wrote: {JsonMistake.Of(error)}.",
                "Put back the file as it was, or remove the table's folder and read the table again.",
                error);
        }
    }
}

/// <summary>One run, in a file of its own, as <c>_sluice_runs</c> has it elsewhere.</summary>
internal sealed record RunDocument(string RunId, DateTimeOffset StartedAt, DateTimeOffset EndedAt, int ExitCode, long Requests, JsonElement Report)
{
    /// <summary>The folder of a schema that runs are kept in.</summary>
    public const string Folder = "_sluice_runs";

    /// <summary>The file's name: in the order of names runs are in the order of time.</summary>
    public string FileName =>
        StartedAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'.'fffffff'Z'", System.Globalization.CultureInfo.InvariantCulture)
        + $"-{PathNames.Safe(RunId)}.json";

    public static RunDocument Of(RunRecord run) =>
        new(run.RunId, run.StartedAt, run.EndedAt, run.ExitCode, run.Requests, JsonDocument.Parse(run.Report).RootElement);

    public RunRecord Record() => new(RunId, StartedAt, EndedAt, ExitCode, Requests, Report.GetRawText());
}
