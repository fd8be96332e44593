using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Engine;
using Sluice.Writes.Import;
using Sluice.Writes.Journal;

namespace Sluice.Writes.Sync;

/// <summary>
/// What both sides had when they were the same the last time, as fingerprints: no value can be read from it. Each side has its own, for a database
/// may hold a value in another way than Customer.io does.
/// </summary>
internal sealed record SyncState
{
    /// <summary>When the last run ended.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The rows by the fingerprint of their key.</summary>
    public Dictionary<string, RowPrints> Rows { get; init; } = [];

    /// <summary>The collection's id: one that was made anew under the same name begins anew.</summary>
    public string? Collection { get; init; }

    /// <summary>What a run was about to change; empty after its end.</summary>
    public Dictionary<string, PendingRow> Pending { get; init; } = [];

    /// <summary>The state, or that of a first run when it is of another collection.</summary>
    public SyncState Of(string? collection) => Collection == collection ? this : new SyncState { Collection = collection };

    public RowPrints? Find(string key) => Rows.GetValueOrDefault(RowShape.Hidden(key));

    /// <summary>
    /// Takes into account what a run has done that was killed before its end: where the side that was to change is as it should have become, the row
    /// was the same on both sides.
    /// </summary>
    public SyncState Settle(IReadOnlyDictionary<string, SideRow> database, IReadOnlyDictionary<string, SideRow> customerIo)
    {
        var prints = Prints(database).ToDictionary(StringComparer.Ordinal);
        var others = Prints(customerIo).ToDictionary(StringComparer.Ordinal);
        var rows = new Dictionary<string, RowPrints>(Rows, StringComparer.Ordinal);
        foreach (var (key, pending) in Pending)
        {
            var has = (pending.To == SyncSide.Database ? prints : others).GetValueOrDefault(key);
            if (has != (pending.To == SyncSide.Database ? pending.Database : pending.CustomerIo))
            {
                continue;
            }

            if (pending is { Database: { } here, CustomerIo: { } there })
            {
                rows[key] = new RowPrints(here, there);
            }
            else
            {
                rows.Remove(key);
            }
        }

        return this with { Rows = rows, Pending = [] };
    }

    private static IEnumerable<KeyValuePair<string, string?>> Prints(IReadOnlyDictionary<string, SideRow> rows) =>
        rows.Select(row => KeyValuePair.Create(RowShape.Hidden(row.Key), (string?)row.Value.Print));
}

/// <summary>The fingerprints of a row that was the same on both sides.</summary>
internal sealed record RowPrints(string Database, string CustomerIo);

/// <summary>A row that is about to change, with the fingerprints that it then has on both sides; null for a row that is then gone.</summary>
internal sealed record PendingRow(SyncSide To, string? Database, string? CustomerIo);

/// <summary>Where the state is kept; while it is open no other process can go on with it.</summary>
internal sealed class SyncStateFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _lock;

    private SyncStateFile(string path, FileStream held) => (_path, _lock) = (path, held);

    /// <summary>Where the rows of a collection are kept as they were before the last change.</summary>
    public string FormerContent => Path.ChangeExtension(_path, ".before.json");

    /// <summary>What makes it the same pair of table and collection, whatever it is called.</summary>
    public static string IdOf(TwoWaySettings settings) => JournalFolder.Hash(string.Join(
        '\n',
        settings.WorkspaceIdentity,
        settings.DatabaseIdentity,
        settings.Table,
        settings.Collection is { } name ? $"collection:{name}" : "snippets",
        string.Join(',', settings.Key)))[..16];

    /// <summary>Reads a state without opening it, whichever collection it is of.</summary>
    public static SyncState Read(TwoWaySettings settings) => Read(PathOf(settings));

    /// <exception cref="SluiceException">Another process has it open, or it can't be written (kind Config).</exception>
    public static SyncStateFile Open(TwoWaySettings settings)
    {
        var path = PathOf(settings);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new SyncStateFile(path, new FileStream(RegularFile.Require(path + ".lock"), LockOptions()));
        }
        catch (IOException error) when ((error.HResult & 0xFFFF) is 11 or 35 or 32)
        {
            throw new SluiceException(
                SluiceErrorKind.Config, $"Another process is at work on {settings.Name}.", "Wait for its end, or stop it.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, error);
        }
    }

    public SyncState Read() => Read(_path);

    /// <summary>Writes the state; it is on disk when this returns.</summary>
    /// <exception cref="SluiceException">The disk does not take it (kind Config).</exception>
    public void Write(SyncState state)
    {
        try
        {
            var half = _path + ".half";
            using (var file = new FileStream(RegularFile.Require(half), PrivateFile.Options(FileMode.Create)))
            {
                JsonSerializer.Serialize(file, state, SyncStateJson.Default.SyncState);
                file.Flush(flushToDisk: true);
            }

            File.Move(half, _path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(_path, error);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static SyncState Read(string path)
    {
        try
        {
            return Path.Exists(path)
                ? JsonSerializer.Deserialize(File.ReadAllBytes(RegularFile.Require(path)), SyncStateJson.Default.SyncState)!
                : new SyncState();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"What was kept of the last run can't be read from {path}: " +
                    (error is JsonException json ? $"{JsonMistake.Of(json)}." : error.Message),
                "Make it readable. Without it rows that differ are conflicts, and rows that were deleted come back from the other side.",
                error);
        }
    }

    private static FileStreamOptions LockOptions()
    {
        var options = PrivateFile.Options(FileMode.OpenOrCreate);
        options.Share = FileShare.None;
        return options;
    }

    private static string PathOf(TwoWaySettings settings) => Path.Combine(settings.WorkFolder, "two-way", IdOf(settings) + ".json");

    private static SluiceException Unwritable(string path, Exception error) => new(
        SluiceErrorKind.Config,
        $"{path} can't be written: {error.Message}",
        "Make room, or set SLUICE_HOME to another folder; then run the same command again.",
        error);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(SyncState))]
internal sealed partial class SyncStateJson : JsonSerializerContext;
