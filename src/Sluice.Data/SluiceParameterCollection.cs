using System.Collections;
using System.Data.Common;
using System.Globalization;

namespace Sluice.Data;

/// <summary>The parameters of a command.</summary>
public sealed class SluiceParameterCollection : DbParameterCollection
{
    private readonly List<SluiceParameter> _parameters = [];

    internal SluiceParameterCollection()
    {
    }

    /// <inheritdoc/>
    public override int Count => _parameters.Count;

    /// <inheritdoc/>
    public override object SyncRoot => ((ICollection)_parameters).SyncRoot;

    /// <summary>Adds a parameter with a value.</summary>
    /// <param name="name">The name, with or without its sign.</param>
    /// <param name="value">The value; <see cref="DBNull.Value"/> for NULL.</param>
    public SluiceParameter AddWithValue(string name, object? value)
    {
        var parameter = new SluiceParameter(name, value);
        _parameters.Add(parameter);
        return parameter;
    }

    /// <summary>Adds a parameter and gives its place.</summary>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    /// <exception cref="InvalidCastException">It is another provider's.</exception>
    public override int Add(object value)
    {
        _parameters.Add(Own(value));
        return _parameters.Count - 1;
    }

    /// <inheritdoc/>
    public override void AddRange(Array values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _parameters.AddRange(values.Cast<object>().Select(Own).ToList());
    }

    /// <inheritdoc/>
    public override void Clear() => _parameters.Clear();

    /// <inheritdoc/>
    public override bool Contains(object value) => IndexOf(value) >= 0;

    /// <inheritdoc/>
    public override bool Contains(string value) => IndexOf(value) >= 0;

    /// <inheritdoc/>
    public override void CopyTo(Array array, int index) => ((ICollection)_parameters).CopyTo(array, index);

    /// <inheritdoc/>
    public override IEnumerator GetEnumerator() => _parameters.GetEnumerator();

    /// <inheritdoc/>
    public override int IndexOf(object value) => value is SluiceParameter parameter ? _parameters.IndexOf(parameter) : -1;

    /// <summary>The place of a parameter by its name, with or without its sign; -1 when there is none.</summary>
    public override int IndexOf(string parameterName) => parameterName is null ? -1 : _parameters.FindIndex(parameter =>
        string.Equals(parameter.PlainName, SluiceParameter.PlainNameOf(parameterName), StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public override void Insert(int index, object value) => _parameters.Insert(index, Own(value));

    /// <inheritdoc/>
    public override void Remove(object value) => _parameters.Remove(Own(value));

    /// <inheritdoc/>
    public override void RemoveAt(int index) => _parameters.RemoveAt(index);

    /// <inheritdoc/>
    public override void RemoveAt(string parameterName) => _parameters.RemoveAt(Required(parameterName));

    /// <inheritdoc/>
    protected override DbParameter GetParameter(int index) => _parameters[index];

    /// <inheritdoc/>
    protected override DbParameter GetParameter(string parameterName) => _parameters[Required(parameterName)];

    /// <inheritdoc/>
    protected override void SetParameter(int index, DbParameter value) => _parameters[index] = Own(value);

    /// <inheritdoc/>
    protected override void SetParameter(string parameterName, DbParameter value) => _parameters[Required(parameterName)] = Own(value);

    /// <summary>A parameter's value as SQL, by its name or its place from 1; null when there is no such parameter.</summary>
    /// <param name="name">The name or the place.</param>
    /// <param name="unset">What stands for a value that was not given yet; null when there must be one.</param>
    /// <exception cref="InvalidOperationException">It has no value.</exception>
    internal string? LiteralOf(string name, string? unset = null)
    {
        var place = IndexOf(name);
        if (place < 0 && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= _parameters.Count)
        {
            place = number - 1;
        }

        if (place < 0)
        {
            return null;
        }

        return _parameters[place].Value is { } value
            ? ParameterLiteral.Of(value, _parameters[place].DbType)
            : unset ?? throw new InvalidOperationException($"The parameter {name} has no value: set DBNull.Value for NULL.");
    }

    private int Required(string name) =>
        IndexOf(name) is >= 0 and var place ? place : throw new IndexOutOfRangeException($"There is no parameter '{name}'.");

    private static SluiceParameter Own(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value as SluiceParameter
            ?? throw new InvalidCastException(
                $"A command of Sluice.Data takes SluiceParameter, not {value.GetType().Name}: its CreateParameter makes one.");
    }
}
