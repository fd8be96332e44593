using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Webhooks;

/// <summary>A batch of events as files of records: the events themselves, and what they change of deliveries.</summary>
internal sealed class EventLines : IDisposable
{
    private readonly IReadOnlyDictionary<string, ColumnType> _types =
        EventColumns.Flat.Columns.ToDictionary(column => column.Name, column => column.Type, StringComparer.Ordinal);

    private readonly IReadOnlyList<(string Name, string[][] Paths)> _places =
        [.. EventColumns.Places.Select(column => (column.Name, column.Place.Split('|').Select(path => path.Split('.')).ToArray()))];

    private readonly OrderedDictionary<string, DeliveryChange> _deliveries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _draftOf = new(StringComparer.Ordinal);
    private readonly string _workspace;
    private readonly EventMasking _masks;
    private readonly Dictionary<string, EventMasking> _beyond = new(StringComparer.Ordinal);
    private readonly LineFile _events;
    private readonly LineFile _changes;
    private readonly LineFile _drafts;

    public EventLines(string folder, string loadId, string workspace, EventMasking masks)
    {
        (_workspace, _masks) = (workspace, masks);
        _events = new LineFile(folder, 1, loadId);
        _changes = new LineFile(folder, 2, loadId);
        _drafts = new LineFile(folder, 3, loadId);
    }

    /// <summary>Events that are in no object of JSON.</summary>
    public int Unreadable { get; private set; }

    /// <summary>The drafts of this batch whose deliveries have nothing else so far, by the events' ids.</summary>
    public IReadOnlyList<string> DraftsAlone { get; private set; } = [];

    /// <summary>Adds an event as often as it came.</summary>
    public void Add(ReceivedEvent received)
    {
        using var body = JsonDocument.Parse(Masked(received), RawJson.DocumentOptions);
        Unreadable += received.IsUnreadable ? 1 : 0;
        for (var copy = 0; copy < received.Copies; copy++)
        {
            Write(received, body.RootElement);
        }

        Change(body.RootElement);
        if (DeliveryChange.DeliveryOf(body.RootElement) is { } id && DeliveryChange.TextOf(body.RootElement, "metric") == DeliveryChange.Drafted)
        {
            _draftOf[received.EventId] = id;
        }
    }

    /// <summary>Adds what a draft says that came before, as far as its delivery is changed by this batch.</summary>
    public void AddDraft(ReceivedEvent draft)
    {
        using var body = JsonDocument.Parse(Masked(draft), RawJson.DocumentOptions);
        if (DeliveryChange.DeliveryOf(body.RootElement) is { } id && _deliveries.ContainsKey(id))
        {
            Change(body.RootElement);
        }
    }

    /// <summary>The files: events, changes, and drafts that have nothing else.</summary>
    public (Segment Events, Segment Changes, Segment Drafts) Close()
    {
        foreach (var delivery in _deliveries.Values)
        {
            delivery.Write(delivery.IsDraftAlone ? _drafts : _changes, _workspace);
        }

        DraftsAlone = [.. _draftOf.Where(draft => _deliveries[draft.Value].IsDraftAlone).Select(draft => draft.Key)];
        return (_events.Close(), _changes.Close(), _drafts.Close());
    }

    public void Dispose()
    {
        _events.Dispose();
        _changes.Dispose();
        _drafts.Dispose();
    }

    // What was hidden when it came is not hidden once more.
    private ReadOnlyMemory<byte> Masked(ReceivedEvent received)
    {
        if (!_beyond.TryGetValue(received.Masks, out var beyond))
        {
            _beyond[received.Masks] = beyond = _masks.Beyond(received.Masks);
        }

        return beyond.Apply(received.Body);
    }

    private void Change(JsonElement body)
    {
        if (DeliveryChange.DeliveryOf(body) is { } id)
        {
            if (!_deliveries.TryGetValue(id, out var change))
            {
                _deliveries[id] = change = new DeliveryChange(id);
            }

            change.Add(body);
        }
    }

    private void Write(ReceivedEvent received, JsonElement body)
    {
        _events.Begin();
        _events.Inject(EventColumns.Workspace, _workspace);
        _events.Inject(EventColumns.ReceivedAt,
            received.ReceivedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        _events.Text(EventColumns.Key, received.EventId);
        foreach (var (name, paths) in _places)
        {
            if (name != EventColumns.Key && Find(body, paths) is { } value && DeliveryChange.HasValue(JsonMarshal.GetRawUtf8Value(value)))
            {
                _events.Raw(name, JsonMarshal.GetRawUtf8Value(value), _types[name]);
            }
        }

        var others = body.EnumerateObject().Where(member => !EventColumns.IsKnown(member.Name)).ToList();
        if (others.Count > 0)
        {
            _events.Members(EventColumns.Other, others);
        }

        _events.End();
    }

    private static JsonElement? Find(JsonElement body, string[][] paths)
    {
        foreach (var path in paths)
        {
            JsonElement? at = body;
            foreach (var name in path)
            {
                at = at is { ValueKind: JsonValueKind.Object } one && one.TryGetProperty(name, out var below) ? below : null;
            }

            if (at is not null)
            {
                return at;
            }
        }

        return null;
    }
}
