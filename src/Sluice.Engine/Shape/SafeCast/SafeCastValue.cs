using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;

namespace Sluice.Engine.Shape.SafeCast;

/// <summary>Converts a JSON value to text that DuckDB casts to the column's type, without ever changing it silently.</summary>
internal static partial class SafeCastValue
{
    /// <summary>Writes the text of a value; the output must be discarded unless the result is Kept.</summary>
    public static CastResult Write(TableColumn column, ReadOnlySpan<byte> raw, ArrayBufferWriter<byte> to) => column.Type switch
    {
        ColumnType.UnixTime when Integer(raw) is { } seconds && Seconds(seconds) is var at && (at == 0 || at < column.FirstSecond) =>
            at == 0 ? CastResult.Nothing : CastResult.Rejected,
        ColumnType.Json => Copy(raw, to),
        ColumnType.Text when !RawJson.IsString(raw) => Copy(raw, to),
        _ => Write(Text(column.Type, raw), to),
    };

    private static string? Text(ColumnType type, ReadOnlySpan<byte> raw) => type switch
    {
        ColumnType.Bigint => Integer(raw),
        ColumnType.Double => Number(raw),
        ColumnType.Boolean => RawJson.Text(raw) is ("true" or "false") and var flag ? flag : null,
        ColumnType.UnixTime => UnixTime(raw),
        ColumnType.Timestamp => RawJson.TryText(raw, out var time) ? IsoTime.ForDuckDb(time) : null,
        _ => RawJson.TryText(raw, out var text) ? text : null,
    };

    private static CastResult Copy(ReadOnlySpan<byte> raw, ArrayBufferWriter<byte> to) =>
        RawJson.TryCopy(raw, to) ? CastResult.Kept : CastResult.Rejected;

    private static CastResult Write(string? text, ArrayBufferWriter<byte> to)
    {
        if (text is null)
        {
            return CastResult.Rejected;
        }

        Encoding.UTF8.GetBytes(text, to);
        return CastResult.Kept;
    }

    // "007" and 1.5 are not integers, although DuckDB would cast them. In JSON, -0 is zero, and 1.0 and 1e5 are whole numbers, too.
    private static string? Integer(ReadOnlySpan<byte> raw)
    {
        var text = RawJson.Text(raw);
        return RawJson.IsNumber(raw) && RawJson.TryWhole(raw, out var whole) ? Written(whole)
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && Written(value) == text ? text
            : null;
    }

    private static string? Number(ReadOnlySpan<byte> raw)
    {
        var text = RawJson.Text(raw);
        return JsonNumberText().IsMatch(text) && JsonNumber.KindOf(Encoding.UTF8.GetBytes(text)) is JsonKinds.Integer or JsonKinds.Fraction
            ? text
            : null;
    }

    private static string? UnixTime(ReadOnlySpan<byte> raw) =>
        Integer(raw) is { } seconds ? IsoTime.ForDuckDb(Seconds(seconds))
        : RawJson.TryText(raw, out var text) ? IsoTime.ForDuckDb(text)
        : null;

    private static long Seconds(string whole) => long.Parse(whole, CultureInfo.InvariantCulture);

    private static string Written(long value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex JsonNumberText();
}

/// <summary>The result of casting a value to a column's type.</summary>
internal enum CastResult
{
    /// <summary>It is the column's value.</summary>
    Kept,

    /// <summary>It means NULL in a column of this type, such as 0 for a time.</summary>
    Nothing,

    /// <summary>The column's type can't hold it unchanged.</summary>
    Rejected,
}
