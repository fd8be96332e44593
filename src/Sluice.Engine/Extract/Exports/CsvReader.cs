using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Sluice.Engine.Extract.Exports;

/// <summary>
/// Reads CSV record by record without making texts of it: commas, quotes that are doubled inside of quotes, line ends of either kind, line ends
/// inside of quotes, and a byte order mark in front.
/// </summary>
internal sealed class CsvReader(Stream source)
{
    private const int FirstBuffer = 256 * 1024;
    private const int LargestRecord = 256 * 1024 * 1024;
    private static readonly SearchValues<byte> Ends = SearchValues.Create(",\n\r\""u8);

    private readonly ArrayBufferWriter<byte> _unescaped = new();
    private byte[] _buffer = new byte[FirstBuffer];
    private CsvField[] _fields = new CsvField[64];
    private int _start;
    private int _filled;
    private int _next;
    private bool _ended;

    /// <summary>The number of the record that was read, from 1; lines may be more, for values hold line ends.</summary>
    public long Number { get; private set; }

    /// <summary>How many fields the record has.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the record's bytes are CSV as strict as it gets: no quote and no carriage return outside of quotes.</summary>
    public bool IsStrict { get; private set; }

    /// <summary>Whether the record is an empty line.</summary>
    public bool IsBlank => Count == 1 && _fields[0].Length == 0 && !_fields[0].IsQuoted;

    /// <summary>The record as it stands in the file, without its line end; good until the next one is read.</summary>
    public ReadOnlySpan<byte> Raw => _buffer.AsSpan(_start, RawLength);

    private int RawLength { get; set; }

    /// <summary>Whether a field has no value; CSV does not tell an empty text from none.</summary>
    public bool IsEmpty(int place) => _fields[place].Length == 0;

    /// <summary>A field's value, quotes taken away; good until another one is asked for.</summary>
    public ReadOnlySpan<byte> Field(int place)
    {
        var field = _fields[place];
        var value = _buffer.AsSpan(_start + field.Offset, field.Length);
        return field.IsEscaped ? Unescape(value) : value;
    }

    /// <summary>Sees to it that the record has a value for each column of its file; empty ones behind the last column are no values.</summary>
    /// <exception cref="InvalidDataException">It has fewer or more.</exception>
    public void RequireFields(int columns)
    {
        var isLonger = Enumerable.Range(0, Count).Skip(columns).Any(place => !IsEmpty(place));
        if (Count < columns || isLonger)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture, $"record {Number} has {Count} values, but the file has {columns} columns"));
        }
    }

    /// <summary>Goes to the next record; false at the end.</summary>
    /// <exception cref="InvalidDataException">What comes is no CSV.</exception>
    public bool Read()
    {
        while (!TryRead())
        {
            if (_ended)
            {
                return false;
            }

            Filled(source.Read(Room()));
        }

        return true;
    }

    /// <summary>Goes to the next record; false at the end.</summary>
    /// <exception cref="InvalidDataException">What comes is no CSV.</exception>
    public ValueTask<bool> ReadAsync(CancellationToken cancel) => TryRead() ? ValueTask.FromResult(true) : FillAndReadAsync(cancel);

    private async ValueTask<bool> FillAndReadAsync(CancellationToken cancel)
    {
        while (!_ended)
        {
            Room();
            Filled(await source.ReadAsync(_buffer.AsMemory(_filled), cancel));
            if (TryRead())
            {
                return true;
            }
        }

        return false;
    }

    // What is not a whole record yet goes to the front; a record that fills the buffer gets a larger one.
    private Span<byte> Room()
    {
        var rest = _filled - _next;
        if (_next > 0)
        {
            _buffer.AsSpan(_next, rest).CopyTo(_buffer);
            (_start, _next, _filled) = (0, 0, rest);
        }

        if (_filled == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length <= LargestRecord ? _buffer.Length * 2 : throw Odd("is larger than 256 MB: is a quote missing?"));
        }

        return _buffer.AsSpan(_filled);
    }

    private void Filled(int read)
    {
        var isFirst = Number == 0 && _next == 0;
        _ended = read == 0;
        _filled += read;
        if (isFirst && _filled >= 3 && _buffer.AsSpan(0, 3).SequenceEqual("\uFEFF"u8))
        {
            _next = 3;
        }
    }

    private bool TryRead()
    {
        var rest = _buffer.AsSpan(_next, _filled - _next);
        if (rest.IsEmpty || (Number == 0 && rest.Length < 3 && !_ended))
        {
            return false;
        }

        Count = 0;
        IsStrict = true;
        for (var at = 0; ;)
        {
            var end = at < rest.Length && rest[at] == (byte)'"' ? Quoted(rest, at) : Plain(rest, at);
            if (end < 0)
            {
                return false;
            }

            if (end < rest.Length && rest[end] == (byte)',')
            {
                at = end + 1;
                continue;
            }

            Take(rest, end);
            return true;
        }
    }

    private void Take(ReadOnlySpan<byte> rest, int end)
    {
        _start = _next;
        RawLength = end;
        _next += end + (end == rest.Length ? 0 : rest[end] == (byte)'\r' && end + 1 < rest.Length ? 2 : 1);
        Number++;
    }

    // Gives where the field ends: at a comma, a line end or the end of the file; below 0 if that can't be seen yet.
    private int Plain(ReadOnlySpan<byte> rest, int at)
    {
        for (var from = at; ;)
        {
            var found = rest[from..].IndexOfAny(Ends);
            var end = found < 0 ? rest.Length : from + found;
            if (end == rest.Length || (rest[end] == (byte)'\r' && end + 1 == rest.Length))
            {
                return _ended ? Add(at, end, isQuoted: false, isEscaped: false) : -1;
            }

            if (rest[end] is (byte)',' or (byte)'\n' || (rest[end] == (byte)'\r' && rest[end + 1] == (byte)'\n'))
            {
                return Add(at, end, isQuoted: false, isEscaped: false);
            }

            IsStrict = false;
            from = end + 1;
        }
    }

    private int Quoted(ReadOnlySpan<byte> rest, int at)
    {
        var isEscaped = false;
        for (var from = at + 1; ;)
        {
            var found = rest[from..].IndexOf((byte)'"');
            if (found < 0)
            {
                return _ended ? throw Odd("has a quote that is never closed: the file ends within it") : -1;
            }

            var end = from + found + 1;
            if (end == rest.Length && !_ended)
            {
                return -1;
            }

            if (end < rest.Length && rest[end] == (byte)'"')
            {
                isEscaped = true;
                from = end + 1;
                continue;
            }

            return Closed(rest, at, end, isEscaped);
        }
    }

    private int Closed(ReadOnlySpan<byte> rest, int at, int end, bool isEscaped)
    {
        if (end < rest.Length && rest[end] == (byte)'\r' && end + 1 == rest.Length && !_ended)
        {
            return -1;
        }

        var isEnd = end == rest.Length || rest[end] is (byte)',' or (byte)'\n'
            || (rest[end] == (byte)'\r' && (end + 1 == rest.Length || rest[end + 1] == (byte)'\n'));
        _ = isEnd ? Add(at + 1, end - 1, isQuoted: true, isEscaped) : throw Odd("has letters behind a closing quote");
        return end;
    }

    private int Add(int from, int end, bool isQuoted, bool isEscaped)
    {
        if (Count == _fields.Length)
        {
            Array.Resize(ref _fields, _fields.Length * 2);
        }

        _fields[Count++] = new CsvField(from, end - from, isQuoted, isEscaped);
        return end;
    }

    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> value)
    {
        _unescaped.ResetWrittenCount();
        for (var quote = value.IndexOf((byte)'"'); quote >= 0; quote = value.IndexOf((byte)'"'))
        {
            _unescaped.Write(value[..(quote + 1)]);
            value = value[(quote + 2)..];
        }

        _unescaped.Write(value);
        return _unescaped.WrittenSpan;
    }

    private InvalidDataException Odd(string what) => new(string.Create(CultureInfo.InvariantCulture, $"record {Number + 1} {what}"));
}

/// <summary>Where a field's value lies in its record, without its quotes.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CsvField(int Offset, int Length, bool IsQuoted, bool IsEscaped);
