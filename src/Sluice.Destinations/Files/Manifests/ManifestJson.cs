using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Engine;

namespace Sluice.Destinations.Files.Manifests;

/// <summary>The documents beside the data as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TableManifest))]
[JsonSerializable(typeof(KeptRun))]
internal sealed partial class ManifestJson : JsonSerializerContext
{
    public static byte[] Write(TableManifest manifest) => JsonSerializer.SerializeToUtf8Bytes(manifest, Default.TableManifest);

    public static byte[] Write(KeptRun run) => JsonSerializer.SerializeToUtf8Bytes(run, Default.KeptRun);

    public static KeptRun ReadRun(byte[] json, string place) => Read(json, place, bytes => JsonSerializer.Deserialize(bytes, Default.KeptRun));

    /// <exception cref="SluiceException">The document is not one of ours, or of a later version.</exception>
    public static TableManifest ReadManifest(byte[] json, string place)
    {
        var manifest = Read(json, place, bytes => JsonSerializer.Deserialize(bytes, Default.TableManifest));
        return manifest.Version <= Manifests.TableManifest.Newest ? manifest : throw new SluiceException(
            SluiceErrorKind.Destination, $"{place} was written by a newer Sluice (version {manifest.Version} of the document, {Manifests.TableManifest.Newest} is known here).", "Use that one.");
    }

    private static T Read<T>(byte[] json, string place, Func<byte[], T?> read)
    {
        try
        {
            return read(json) ?? throw new JsonException("it is null");
        }
        catch (JsonException error)
        {
            throw new SluiceException(
                SluiceErrorKind.Destination, $"{place} is not what Sluice wrote: {error.Message}", "Put back the file as it was, or remove the table's folder and read the table again.", error);
        }
    }
}
