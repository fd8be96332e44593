using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Shape.SafeCast;

/// <summary>Converts one JSON value without ever changing it silently: into text that DuckDB casts to the column's type.</summary>
internal static partial class SafeCastValue
{
    /// <summary>Writes the text of a value that fits; what was written of one that does not is to be forgotten.</summary>
    public static CastResult Write(ColumnType type, ReadOnlySpan<byte> raw, ArrayBufferWriter<byte> to) => type switch
    {
        ColumnType.UnixTime when Integer(raw) == "0" => CastResult.Nothing,
        ColumnType.Json => Copy(raw, to),
        ColumnType.Text when !RawJson.IsString(raw) => Copy(raw, to),
        _ => Write(Text(type, raw), to),
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

    private static CastResult Copy(ReadOnlySpan<byte> raw, ArrayBufferWriter<byte> to) => RawJson.TryCopy(raw, to) ? CastResult.Kept : CastResult.Rejected;

    private static CastResult Write(string? text, ArrayBufferWriter<byte> to)
    {
        if (text is null)
        {
            return CastResult.Rejected;
        }

        Encoding.UTF8.GetBytes(text, to);
        return CastResult.Kept;
    }

    // "007" and 1.5 are no integers, though DuckDB would make some of them. JSON writes the integer zero as -0, too.
    private static string? Integer(ReadOnlySpan<byte> raw)
    {
        var text = RawJson.Text(raw);
        return text == "-0" && RawJson.IsNumber(raw) ? "0"
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && Written(value) == text ? text
            : null;
    }

    private static string? Number(ReadOnlySpan<byte> raw)
    {
        var text = RawJson.Text(raw);
        return JsonNumberText().IsMatch(text) && JsonNumber.KindOf(Encoding.UTF8.GetBytes(text)) is JsonKinds.Integer or JsonKinds.Fraction ? text : null;
    }

    private static string? UnixTime(ReadOnlySpan<byte> raw) =>
        Integer(raw) is { } seconds ? IsoTime.ForDuckDb(long.Parse(seconds, CultureInfo.InvariantCulture))
        : RawJson.TryText(raw, out var text) ? IsoTime.ForDuckDb(text)
        : null;

    private static string Written(long value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex JsonNumberText();
}

/// <summary>What became of a value that was to go into a column.</summary>
internal enum CastResult
{
    /// <summary>It is the column's value.</summary>
    Kept,

    /// <summary>It stands for nothing in a column of this type, such as 0 for a time.</summary>
    Nothing,

    /// <summary>The column's type can't hold it as it was sent.</summary>
    Rejected,
}
