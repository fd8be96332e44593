using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Engine.Catalog;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Backup;

/// <summary>
/// The files of a thing: long texts each in one of their own, so that a difference can be read, rows and members line by line, and all else as JSON.
/// </summary>
internal static class ItemFiles
{
    private const string Number = "number";
    private const string Hash = "content_hash";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly string[] Endings = ["html", "liquid", "txt", "json"];

    /// <summary>Every file that a thing of the kind can have, the one that says what it is last.</summary>
    public static IEnumerable<string> NamesOf(BackupKind kind) =>
        kind.Bodies.SelectMany(column => Endings.Select(ending => $"{column}.{ending}"))
            .Concat(kind.LinesFile is { } lines ? [lines] : [])
            .Append(kind.File);

    /// <summary>The files by their names, the one that says what the thing is first.</summary>
    public static IEnumerable<KeyValuePair<string, byte[]>> Write(BackupItem item)
    {
        var kind = item.Kind;
        var json = new JsonObject();
        foreach (var (name, value) in item.Values)
        {
            var field = Written(item, name);
            if (!IsFile(kind, name, value) && !(kind.HasMembers && name == "type") && (value is not null || field is not null))
            {
                json[name] = name == "headers" ? List(value) : value?.DeepClone() ?? ItemValues.Nothing(kind, field!);
            }
        }

        if (item.Number > 1)
        {
            json[Number] = item.Number;
        }

        json[Hash] = item.ContentHash();
        yield return new(kind.File, BackupJson.Bytes(json));
        foreach (var column in kind.Bodies.Where(column => IsFile(kind, column, item.Values[column])))
        {
            var text = item.Text(column)!;
            yield return new($"{column}.{EndingOf(column, item.Text("type"), text)}", Strict.GetBytes(IsTrimmed(column) ? text + "\n" : text));
        }

        if (item.Lines is { } lines)
        {
            yield return new(kind.LinesFile!, Strict.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
        }
    }

    /// <summary>Reads what a folder says of a thing, but for what stands in files beside it.</summary>
    /// <exception cref="FormatException">It is not what a backup writes.</exception>
    public static BackupItem Read(BackupKind kind, string path, byte[] json)
    {
        var values = Parse(Text(json)) as JsonObject ?? throw new FormatException("is no JSON object");
        var hash = Taken(values, Hash)?.ToString();
        var number = Taken(values, Number) is { } said ? Whole(said, Number) : 1;
        ItemValues.Check(kind, values);
        return new BackupItem
        {
            Kind = kind,
            Key = kind.Parent is { } parent
                ? $"{Whole(values[parent], parent)}/{Whole(values["id"], "id")}"
                : BackupItem.KeyOf(values["name"]!.ToString(), checked((int)Math.Min(number, int.MaxValue))),
            Path = path,
            Values = values,
            Hash = hash,
        };
    }

    /// <summary>Adds the texts and lines of the files beside.</summary>
    /// <exception cref="FormatException">A file is not what a backup writes.</exception>
    public static BackupItem With(BackupItem item, Func<string, byte[]?> file)
    {
        var values = item.Values.DeepClone().AsObject();
        foreach (var column in item.Kind.Bodies)
        {
            var found = Endings.Select(ending => $"{column}.{ending}").Select(name => (Name: name, Bytes: file(name)))
                .Where(one => one.Bytes is not null).ToList();
            if (found.Count > 1)
            {
                throw new FormatException($"has both {found[0].Name} and {found[1].Name}: one of them must go");
            }

            if (found is [var only])
            {
                values[column] = IsTrimmed(column) ? Text(only.Bytes!).Trim() : Text(only.Bytes!);
            }
        }

        var lines = item.Kind.LinesFile is { } name && file(name) is { } bytes ? Lines(bytes, name) : null;
        return item with { Values = values, Lines = lines };
    }

    // What has no value and could get one gets none by a restore; of what can't be written and has none nothing is said.
    private static WriteField? Written(BackupItem item, string column) => item.Kind.Writes.Fields.FirstOrDefault(
        field => field.Name == column && (field.Channels.Count == 0 || field.Channels.Contains(item.Text("type") ?? "")));

    // Customer.io takes the spaces around a snippet away: its file can end with a line end, as editors like it.
    private static bool IsTrimmed(string column) => column == "value";

    private static bool IsFile(BackupKind kind, string column, JsonNode? value) =>
        kind.Bodies.Contains(column) && !string.IsNullOrEmpty(value?.ToString());

    private static string EndingOf(string column, string? type, string text) =>
        column == "value" ? "liquid"
        : column == "body_amp" || (column == "body" && type == "email") ? "html"
        : IsJson(text) ? "json"
        : text.AsSpan().TrimStart().StartsWith("<") ? "html"
        : type == "webhook" ? "liquid"
        : "txt";

    private static bool IsJson(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Headers are read as the text of a list.
    private static JsonNode? List(JsonNode? value)
    {
        try
        {
            return string.IsNullOrEmpty(value?.ToString()) ? new JsonArray()
                : value is JsonValue one && one.TryGetValue<string>(out var text) && JsonNode.Parse(text) is JsonArray list ? list
                : value.DeepClone();
        }
        catch (JsonException)
        {
            return value!.DeepClone();
        }
    }

    private static JsonNode? Taken(JsonObject values, string name)
    {
        var value = values[name];
        values.Remove(name);
        return value;
    }

    private static long Whole(JsonNode? value, string name) =>
        value is JsonValue one && one.TryGetValue<long>(out var number) && number > 0 ? number
        : throw new FormatException($"{name} must be a number from 1");

    private static List<string> Lines(byte[] bytes, string name)
    {
        var lines = new List<string>();
        foreach (var (index, line) in Text(bytes).Split('\n').Select(line => line.TrimEnd('\r')).Index())
        {
            if (line.Length > 0)
            {
                lines.Add(Parse(line, $"{name}, line {index + 1}: ") is JsonObject ? line
                    : throw new FormatException($"{name}, line {index + 1}: is no JSON object"));
            }
        }

        return lines;
    }

    // Half of a surrogate pair only shows when the text is read.
    private static JsonNode? Parse(string text, string place = "")
    {
        try
        {
            var json = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            _ = json?.ToJsonString();
            return json;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new FormatException($"{place}is no JSON: {error.Message}", error);
        }
    }

    private static string Text(byte[] bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw new FormatException("is no text in UTF-8", error);
        }
    }
}

/// <summary>What the values of a thing may be when they come from a folder, which anybody may have written.</summary>
internal static class ItemValues
{
    private static readonly string[] OfNamed = ["name", "value", "description"];

    /// <exception cref="FormatException">A value is unknown, missing or of another type.</exception>
    public static void Check(BackupKind kind, JsonObject values)
    {
        foreach (var (name, value) in values)
        {
            if (!IsFine(kind, name, value))
            {
                throw new FormatException($"{name} is not what a backup writes: {Shown(value)}");
            }
        }

        if (kind.Parent is null && string.IsNullOrEmpty(values["name"]?.ToString()))
        {
            throw new FormatException("name is missing");
        }
    }

    /// <summary>The value that is none, as Customer.io gives it; null where there is no such value.</summary>
    public static JsonNode? Nothing(BackupKind kind, WriteField field) =>
        field.IsJson ? new JsonArray()
        : !field.IsNullable && kind.Columns.Any(column => column.Name == field.Name && column.Type == ColumnType.Text) ? ""
        : null;

    private static bool IsFine(BackupKind kind, string name, JsonNode? value)
    {
        if (name == kind.ParentName || (kind.Parent is null && OfNamed.Contains(name)))
        {
            return value is null || IsText(value);
        }

        if (name == kind.Parent)
        {
            return value is JsonValue id && id.TryGetValue<long>(out _);
        }

        return kind.Columns.FirstOrDefault(column => column.Name == name) is { } column && (value is null || IsOf(column, value));
    }

    private static bool IsOf(Column column, JsonNode value) => column.Type switch
    {
        ColumnType.Bigint => value is JsonValue one && one.TryGetValue<long>(out _),
        ColumnType.Boolean => value is JsonValue one && one.TryGetValue<bool>(out _),
        _ => IsText(value) || (column.Name == "headers" && value is JsonArray),
    };

    private static bool IsText(JsonNode value) => value is JsonValue one && one.TryGetValue<string>(out _);

    private static string Shown(JsonNode? value)
    {
        var text = value?.ToJsonString() ?? "null";
        return text.Length > 60 ? text[..60] + "…" : text;
    }
}
