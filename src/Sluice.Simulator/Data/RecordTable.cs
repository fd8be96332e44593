using System.Text.Json.Nodes;

namespace Sluice.Simulator.Data;

/// <summary>A small table of rows in the API's format, ordered by an integer id.</summary>
internal sealed class RecordTable
{
    private readonly SortedDictionary<long, JsonObject> _rows = [];

    public IEnumerable<JsonObject> Rows => _rows.Values;

    public IEnumerable<long> Ids => _rows.Keys;

    public int Count => _rows.Count;

    public long NextId => _rows.Count == 0 ? 1 : _rows.Keys.Max() + 1;

    public JsonObject? Find(long id) => _rows.GetValueOrDefault(id);

    public IEnumerable<KeyValuePair<long, JsonObject>> After(long id) => _rows.Where(pair => pair.Key > id);

    public void Put(long id, JsonObject row) => _rows[id] = row;

    public bool Remove(long id) => _rows.Remove(id);
}
