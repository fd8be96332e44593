using System.Text.Json;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Load;

/// <summary>A row of a system table, as it was read.</summary>
/// <param name="table">The table.</param>
/// <param name="values">Texts, longs, times and nulls in the order of its columns.</param>
public sealed class SystemRow(SystemTable table, IReadOnlyList<object?> values)
{
    /// <summary>The value of a column.</summary>
    public object? Value(string column) => values[table.Columns.Index().First(one => one.Item.Name == column).Index];

    /// <summary>A text, or null.</summary>
    public string? Text(string column) => Value(column) switch
    {
        null => null,
        string text => text,
        _ => throw Wrong(column),
    };

    /// <summary>A text that is there.</summary>
    public string Required(string column) => Text(column) ?? throw Wrong(column);

    /// <summary>A number that is there.</summary>
    public long Number(string column) => Value(column) is long number ? number : throw Wrong(column);

    /// <summary>A time that is there.</summary>
    public DateTimeOffset Time(string column) => Value(column) is DateTimeOffset time ? time : throw Wrong(column);

    /// <summary>A value of a column; the drivers name types of this program, and not the column.</summary>
    internal static object? Found(SystemColumn column, Func<object?> value)
    {
        try
        {
            return value();
        }
        catch (Exception error) when (error is InvalidCastException or FormatException or OverflowException or ArgumentException)
        {
            var wanted = column.Type == ColumnType.Timestamp ? "time" : column.Type == ColumnType.Bigint ? "whole number" : "text";
            throw new FormatException($"{column.Name} holds no {wanted}", error);
        }
    }

    /// <summary>What is wrong with a row.</summary>
    internal static string Words(Exception error) => error is JsonException json ? JsonMistake.Of(json)
        : error is FormatException ? JsonEncodedText.Encode(error.Message).ToString()
        : "a number in it is too large, or a value of another kind";

    private FormatException Wrong(string column) => new($"{column} {(Value(column) is null ? "is NULL" : "has a value of another type")}");
}
