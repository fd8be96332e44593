using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Sluice.DuckDb;

/// <summary>A value for <c>$name</c>, or without a name for the next <c>?</c> or <c>$1</c>; its .NET type decides the DuckDB type.</summary>
public sealed class DuckDBParameter : DbParameter
{
    private string _name = "";

    /// <summary>Makes a parameter without name and value.</summary>
    public DuckDBParameter()
    {
    }

    /// <summary>Makes a positional parameter.</summary>
    public DuckDBParameter(object? value) => Value = value;

    /// <summary>Makes a named parameter; a leading <c>$</c>, <c>@</c> or <c>:</c> does not count.</summary>
    public DuckDBParameter(string name, object? value)
    {
        ParameterName = name;
        Value = value;
    }

    /// <summary>Kept for callers, not used: the value's .NET type decides.</summary>
    public override DbType DbType { get; set; } = DbType.Object;

    /// <summary>Input: DuckDB has no other.</summary>
    /// <exception cref="NotSupportedException">Another direction is set.</exception>
    public override ParameterDirection Direction
    {
        get => ParameterDirection.Input;
        set
        {
            if (value != ParameterDirection.Input)
                throw new NotSupportedException("DuckDB has input parameters only.");
        }
    }

    /// <inheritdoc />
    public override bool IsNullable { get; set; } = true;

    /// <summary>The name without its mark; empty for a positional parameter.</summary>
    [AllowNull]
    public override string ParameterName
    {
        get => _name;
        set => _name = value is null ? "" : value.TrimStart('$', '@', ':');
    }

    /// <inheritdoc />
    public override int Size { get; set; }

    /// <inheritdoc />
    [AllowNull]
    public override string SourceColumn { get; set; } = "";

    /// <inheritdoc />
    public override bool SourceColumnNullMapping { get; set; }

    /// <summary>The value; null and <see cref="DBNull"/> are NULL.</summary>
    public override object? Value { get; set; }

    /// <inheritdoc />
    public override void ResetDbType() => DbType = DbType.Object;
}
