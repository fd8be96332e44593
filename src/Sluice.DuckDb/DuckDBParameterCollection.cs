using System.Collections;
using System.Data.Common;

namespace Sluice.DuckDb;

/// <summary>The parameters of a command; names do not differ by casing, as in DuckDB.</summary>
public sealed class DuckDBParameterCollection : DbParameterCollection
{
    private readonly List<DuckDBParameter> _items = [];

    /// <inheritdoc />
    public override int Count => _items.Count;

    /// <inheritdoc />
    public override object SyncRoot => ((ICollection)_items).SyncRoot;

    /// <summary>The parameter at a position, from 0.</summary>
    public new DuckDBParameter this[int index]
    {
        get => _items[index];
        set => _items[index] = value;
    }

    /// <summary>The parameter of a name.</summary>
    public new DuckDBParameter this[string parameterName]
    {
        get => _items[Require(parameterName)];
        set => _items[Require(parameterName)] = value;
    }

    /// <summary>Adds a parameter.</summary>
    public DuckDBParameter Add(DuckDBParameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        _items.Add(parameter);
        return parameter;
    }

    /// <summary>Adds a named value.</summary>
    public DuckDBParameter AddWithValue(string parameterName, object? value) => Add(new DuckDBParameter(parameterName, value));

    /// <summary>Adds a parameter, or a positional value.</summary>
    public override int Add(object value)
    {
        _items.Add(value as DuckDBParameter ?? new DuckDBParameter(value));
        return _items.Count - 1;
    }

    /// <inheritdoc />
    public override void AddRange(Array values)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (var value in values)
            Add(value!);
    }

    /// <inheritdoc />
    public override void Clear() => _items.Clear();

    /// <inheritdoc />
    public override bool Contains(object value) => IndexOf(value) >= 0;

    /// <inheritdoc />
    public override bool Contains(string value) => IndexOf(value) >= 0;

    /// <inheritdoc />
    public override void CopyTo(Array array, int index) => ((ICollection)_items).CopyTo(array, index);

    /// <inheritdoc />
    public override IEnumerator GetEnumerator() => _items.GetEnumerator();

    /// <inheritdoc />
    public override int IndexOf(object value) => value is DuckDBParameter parameter ? _items.IndexOf(parameter) : -1;

    /// <inheritdoc />
    public override int IndexOf(string parameterName)
    {
        ArgumentNullException.ThrowIfNull(parameterName);
        var name = parameterName.TrimStart('$', '@', ':');
        return _items.FindIndex(p => string.Equals(p.ParameterName, name, StringComparison.OrdinalIgnoreCase));
    }

    /// <inheritdoc />
    public override void Insert(int index, object value) => _items.Insert(index, value as DuckDBParameter ?? new DuckDBParameter(value));

    /// <inheritdoc />
    public override void Remove(object value)
    {
        if (value is DuckDBParameter parameter)
            _items.Remove(parameter);
    }

    /// <inheritdoc />
    public override void RemoveAt(int index) => _items.RemoveAt(index);

    /// <inheritdoc />
    public override void RemoveAt(string parameterName) => _items.RemoveAt(Require(parameterName));

    /// <inheritdoc />
    protected override DbParameter GetParameter(int index) => _items[index];

    /// <inheritdoc />
    protected override DbParameter GetParameter(string parameterName) => _items[Require(parameterName)];

    /// <inheritdoc />
    protected override void SetParameter(int index, DbParameter value) => _items[index] = (DuckDBParameter)value;

    /// <inheritdoc />
    protected override void SetParameter(string parameterName, DbParameter value) => _items[Require(parameterName)] = (DuckDBParameter)value;

    private int Require(string parameterName)
    {
        var index = IndexOf(parameterName);
        return index >= 0 ? index : throw new ArgumentException($"There is no parameter '{parameterName}'.", nameof(parameterName));
    }
}
