using System.Text.Json;
using System.Text.Unicode;
using Sluice.CustomerIo.Errors;

namespace Sluice.CustomerIo.Parsing;

/// <summary>One pass over one body.</summary>
internal ref struct BodyParser
{
    private const int NotFound = int.MaxValue;

    private readonly PageShape _shape;
    private readonly string _endpoint;
    private Utf8JsonReader _reader;
    private RecordList _records;
    private int _foundKey = NotFound;
    private bool _foundNullKey;
    private bool _mayReportErrors;
    private string? _next;
    private CustomerIoException? _problem;
    private CustomerIoException? _cursorProblem;

    public BodyParser(ReadOnlySpan<byte> body, PageShape shape, string endpoint)
    {
        _shape = shape;
        _endpoint = endpoint;
        _reader = new Utf8JsonReader(body, shape.Lines ? JsonCheck.LinesOptions : JsonCheck.Options);
        _records = new RecordList(shape, body);
    }

    /// <summary>Reads to the end; true if the root has a key that errors come under.</summary>
    /// <exception cref="JsonException">The body is not valid JSON.</exception>
    public bool Run()
    {
        bool isAny = _reader.Read();
        if (_shape.Lines)
        {
            ReadLines(isAny);
        }
        else if (_shape.RootKeys.Count == 0)
        {
            _mayReportErrors = _reader.TokenType == JsonTokenType.StartObject && JsonCheck.HasErrorKey(_reader);
            _foundKey = 0;
            ReadRecords("the root");
        }
        else if (_reader.TokenType == JsonTokenType.StartObject)
        {
            ReadRoot();
        }
        else
        {
            _reader.Skip();
        }

        // Reads on to see that nothing follows the root.
        while (_reader.Read())
        {
        }

        return _mayReportErrors;
    }

    /// <exception cref="CustomerIoException">The body has another shape.</exception>
    public readonly Page Finish(ReadOnlyMemory<byte> body)
    {
        if ((_problem ?? _cursorProblem) is { } problem)
        {
            throw problem;
        }

        if (_foundKey == NotFound && !_foundNullKey)
        {
            throw PageErrors.MissingRootKey(_endpoint, _shape, body);
        }

        return new Page
        {
            Body = _records.BodyOr(body),
            Records = _records.Ranges,
            Fields = _records.Fields,
            Next = _next,
            HasLineBreaks = body.Span.ContainsAny((byte)'\n', (byte)'\r'),
        };
    }

    private void ReadRoot()
    {
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            int key = RootKeyHere();
            bool isNext = key < 0 && _reader.ValueTextEquals(_shape.NextKey);
            _mayReportErrors |= key < 0 && JsonCheck.IsErrorKey(ref _reader);
            _reader.Read();
            if (isNext)
            {
                ReadNext();
            }
            else if (key < 0 || key > _foundKey)
            {
                _reader.Skip();
            }
            else if (_reader.TokenType == JsonTokenType.Null)
            {
                // A list that is null is an empty one, unless another of the keys holds something.
                _foundNullKey = true;
            }
            else
            {
                _foundKey = key;
                ReadRecords($"`{_shape.RootKeys[key]}`");
            }
        }
    }

    // One object, an array, or one value after another: the reference calls the contents of a collection an object and means its rows.
    private void ReadLines(bool isAny)
    {
        _foundKey = 0;
        _mayReportErrors = isAny && _reader.TokenType == JsonTokenType.StartObject && JsonCheck.HasErrorKey(_reader);
        for (; isAny; isAny = _reader.Read())
        {
            if (_reader.TokenType == JsonTokenType.StartArray)
            {
                ReadItems("the root");
            }
            else if (_reader.TokenType != JsonTokenType.StartObject)
            {
                _problem ??= PageErrors.NotAnObject(_endpoint, "the root", _records.Count + 1, _reader.TokenType);
            }
            else if (_shape.ScalarName is null)
            {
                _records.AddObject(ref _reader);
            }
            else
            {
                _records.AddScalar(ref _reader);
            }
        }
    }

    private readonly int RootKeyHere()
    {
        for (int i = 0; i < _shape.RootKeys.Count; i++)
        {
            if (_reader.ValueTextEquals(_shape.RootKeys[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private void ReadRecords(string where)
    {
        _records.Clear();
        _problem = null;
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject when _shape.ScalarName is null:
                _records.AddObject(ref _reader);
                break;
            case JsonTokenType.StartArray:
                ReadItems(where);
                break;
            default:
                _problem = PageErrors.NotRecords(_endpoint, where, _reader.TokenType);
                _reader.Skip();
                break;
        }
    }

    private void ReadItems(string where)
    {
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_shape.ScalarName is not null)
            {
                _records.AddScalar(ref _reader);
            }
            else if (_reader.TokenType == JsonTokenType.StartObject)
            {
                _records.AddItem(ref _reader);
            }
            else
            {
                _problem ??= PageErrors.NotAnObject(_endpoint, where, _records.Count + 1, _reader.TokenType);
                _reader.Skip();
            }
        }
    }

    private void ReadNext()
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.String:
                _next = JsonKind.TextOf(ref _reader) is { Length: > 0 } text ? text : null;
                break;
            case JsonTokenType.Number:
                _next = System.Text.Encoding.ASCII.GetString(_reader.ValueSpan);
                break;
            case JsonTokenType.Null:
                _next = null;
                break;
            default:
                _cursorProblem = PageErrors.StrangeCursor(_endpoint, _shape.NextKey, _reader.TokenType);
                _reader.Skip();
                break;
        }
    }
}

/// <summary>Goes through a whole body to see that it is valid JSON, and looks for root keys that errors come under.</summary>
internal static class JsonCheck
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public static JsonReaderOptions Options => new() { MaxDepth = JsonLimits.MaxDepth };

    public static JsonReaderOptions LinesOptions => new() { MaxDepth = JsonLimits.MaxDepth, AllowMultipleValues = true };

    /// <summary>The text without a byte order mark. The JSON reader takes any bytes inside strings, so the encoding is checked here.</summary>
    public static ReadOnlyMemory<byte> Utf8Of(ReadOnlyMemory<byte> body)
    {
        var text = body.Span.StartsWith(ByteOrderMark) ? body[3..] : body;
        return Utf8.IsValid(text.Span) ? text : throw new JsonException("The body is not valid UTF-8.");
    }

    /// <exception cref="JsonException">The text is not valid JSON.</exception>
    public static bool MayReportErrors(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, Options);
        bool found = false;
        while (reader.Read())
        {
            found |= reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && IsErrorKey(ref reader);
        }

        return found;
    }

    /// <summary>Whether a text that is not taken is nested deeper than any that is.</summary>
    public static bool IsTooDeep(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, LinesOptions with { MaxDepth = JsonLimits.MaxDepth + 1 });
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth >= JsonLimits.MaxDepth && reader.TokenType is (JsonTokenType.StartObject or JsonTokenType.StartArray))
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // Wrong before it is deep.
        }

        return false;
    }

    /// <summary>Looks ahead on a copy of a reader that stands on the root object.</summary>
    public static bool HasErrorKey(Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (IsErrorKey(ref reader))
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    public static bool IsErrorKey(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("errors"u8) || reader.ValueTextEquals("meta"u8);
}
