using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Sluice.Data;

/// <summary>
/// A value of a query: <c>@name</c>, <c>$name</c> and <c>:name</c> by its name, <c>?</c> by its place. It is put into the query as a literal of its
/// type, so that it can become nothing else than a value, and conditions with it are asked of Customer.io.
/// </summary>
public sealed class SluiceParameter : DbParameter
{
    private DbType? _type;
    private string _name = "";
    private string _sourceColumn = "";

    /// <summary>Makes a parameter without name and value.</summary>
    public SluiceParameter()
    {
    }

    /// <summary>Makes a parameter.</summary>
    /// <param name="name">The name, with or without its sign.</param>
    /// <param name="value">The value; <see cref="DBNull.Value"/> for NULL.</param>
    public SluiceParameter(string name, object? value) => (ParameterName, Value) = (name, value);

    /// <summary>The value's type; where none was set, that of the value, and text without a value.</summary>
    public override DbType DbType { get => _type ?? ParameterLiteral.TypeOf(Value); set => _type = value; }

    /// <summary>Always in: a query has nothing to give back but rows.</summary>
    /// <exception cref="NotSupportedException">Another direction is set.</exception>
    public override ParameterDirection Direction
    {
        get => ParameterDirection.Input;
        set
        {
            if (value != ParameterDirection.Input)
            {
                throw new NotSupportedException($"A parameter can only go in, not {value}.");
            }
        }
    }

    /// <inheritdoc/>
    public override bool IsNullable { get; set; }

    /// <summary>The name, with or without its sign; case makes no difference.</summary>
    [AllowNull]
    public override string ParameterName { get => _name; set => _name = value ?? ""; }

    /// <summary>Kept for programs that set it; values are never cut.</summary>
    public override int Size { get; set; }

    /// <inheritdoc/>
    [AllowNull]
    public override string SourceColumn { get => _sourceColumn; set => _sourceColumn = value ?? ""; }

    /// <inheritdoc/>
    public override bool SourceColumnNullMapping { get; set; }

    /// <inheritdoc/>
    public override DataRowVersion SourceVersion { get; set; } = DataRowVersion.Current;

    /// <summary>The value; <see cref="DBNull.Value"/> for NULL, null when it was not given yet.</summary>
    public override object? Value { get; set; }

    /// <summary>The name without its sign.</summary>
    internal string PlainName => PlainNameOf(_name);

    /// <inheritdoc/>
    public override void ResetDbType() => _type = null;

    internal static string PlainNameOf(string name) => name is ['@' or '$' or ':', .. var rest] ? rest : name;
}
