using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sluice.Writes.Operations;

/// <summary>A call that changes something, as data: what is sent, what comes back, and what can't be undone.</summary>
public record WriteCall
{
    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>The path, with the names of keys in braces.</summary>
    public required string Route { get; init; }

    /// <summary>Members that every body has.</summary>
    public JsonObject? Constants { get; init; }

    /// <summary>Keys of the body of which exactly one must be given.</summary>
    public IReadOnlyList<IReadOnlyList<string>> ExactlyOne { get => field ?? []; init; }

    /// <summary>Keys of the body of which no more than one may be given.</summary>
    public IReadOnlyList<IReadOnlyList<string>> AtMostOne { get => field ?? []; init; }

    /// <summary>Bytes of the largest body; 0 where none is told.</summary>
    public int MaxBytes { get; init; }

    /// <summary>The member of the answer that holds the row; empty for the answer itself, null when no row comes back.</summary>
    public string? Root { get; init; }

    /// <summary>The path that gives the row as it is: where a call overwrites what it leaves out, the row is read before and after.</summary>
    public string? Read { get; init; }

    /// <summary>Values that a row must have, such as the type of a segment.</summary>
    public IReadOnlyDictionary<string, string> OnlyWhere { get => field ?? FrozenDictionary<string, string>.Empty; init; }

    /// <summary>Whether doing it twice is the same as doing it once.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>Whether it destroys what Customer.io can't give back, so that somebody must have said how many.</summary>
    public bool IsDestroying { get; init; }

    /// <summary>The operation of imports that takes several rows at once, and has its limits; null where a call is for one row.</summary>
    public string? Batch { get; init; }

    /// <summary>What can't be undone.</summary>
    public required string Undone { get; init; }

    /// <summary>The verb that writes former values back; null where nothing can.</summary>
    public string? Undo { get; init; }

    /// <summary>Whether it goes to the Track API, and not to the App API.</summary>
    [JsonIgnore]
    public bool IsTrack => Route.StartsWith("/api/", StringComparison.Ordinal);

    /// <summary>Method, API and path.</summary>
    [JsonIgnore]
    public string Text => $"{Method} {Route}";
}

/// <summary>What is sent of a column, or of a parameter of a procedure.</summary>
public sealed record WriteField
{
    /// <summary>The name in SQL.</summary>
    public required string Name { get; init; }

    /// <summary>The place in the body, with dots; a name in the route's braces, or behind a question mark one of the query.</summary>
    public string Key { get => field ?? Name; init; }

    /// <summary>How the value is sent.</summary>
    public ValueForm Kind { get; init; }

    /// <summary>The verbs that can set it: insert, update; a procedure's are all set by its call.</summary>
    public IReadOnlyList<string> On { get => field ?? []; init; }

    /// <summary>The verbs that need it in every body.</summary>
    public IReadOnlyList<string> Required { get => field ?? []; init; }

    /// <summary>Whether a procedure can't do without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Bytes of the longest value; 0 where no number is told.</summary>
    public int MaxBytes { get; init; }

    /// <summary>Characters of the longest value; 0 where no number is told.</summary>
    public int MaxCharacters { get; init; }

    /// <summary>Items of the longest list.</summary>
    public int MaxItems { get; init; }

    /// <summary>The types of messages that have it; empty for all.</summary>
    public IReadOnlyList<string> Channels { get => field ?? []; init; }

    /// <summary>Whether NULL can be set.</summary>
    public bool IsNullable { get; init; }

    /// <summary>Whether Customer.io takes it and never shows it in the table.</summary>
    public bool IsWriteOnly { get; init; }

    /// <summary>What stands in the value that is shown for a part that is not, such as a password; null where it is shown as it is.</summary>
    public string? HiddenPart { get; init; }

    /// <summary>Whether it can be shown blank although it has a value.</summary>
    public bool IsShownBlank { get; init; }

    /// <summary>What to know of it.</summary>
    public string? Doc { get; init; }

    /// <summary>Whether its value is JSON.</summary>
    [JsonIgnore]
    public bool IsJson => Kind is ValueForm.Json or ValueForm.Rows;

    /// <summary>What there is to know of writing it, in a few words.</summary>
    [JsonIgnore]
    public string Limits => string.Join(
        "; ",
        new[]
        {
            MaxCharacters > 0 ? $"{MaxCharacters} characters at most" : null,
            MaxBytes > 0 ? $"{MaxBytes} bytes at most" : null,
            MaxItems > 0 ? $"{MaxItems} at most" : null,
            Channels.Count > 0 ? $"of type {string.Join(", ", Channels)}" : null,
            IsWriteOnly ? "can't be read" : null,
            Doc,
        }.OfType<string>());
}

/// <summary>How a value is sent.</summary>
public enum ValueForm
{
    /// <summary>As text; a column's value as it is.</summary>
    Text,

    /// <summary>A number, or text where it is none.</summary>
    Id,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>JSON.</summary>
    Json,

    /// <summary>JSON in a text.</summary>
    JsonText,

    /// <summary>The rows of a collection, as a JSON array of objects.</summary>
    Rows,

    /// <summary>Attributes of an object, as a JSON object.</summary>
    Attributes,

    /// <summary>The data of an event, as a JSON object.</summary>
    Data,

    /// <summary>People who are related to an object, as a JSON array of their identifiers.</summary>
    Related,

    /// <summary>What names a person or an object.</summary>
    Identifier,

    /// <summary>An e-mail address, with a name before it or without.</summary>
    Email,

    /// <summary>E-mail addresses with commas between.</summary>
    Emails,

    /// <summary>A ULID: without one Customer.io does not know an event again.</summary>
    Ulid,

    /// <summary>Unix seconds.</summary>
    Time,

    /// <summary>A list of texts.</summary>
    Texts,

    /// <summary>Subscription topics with true or false, each by a path of its own: sent as an object, they would replace all others.</summary>
    Topics,
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IReadOnlyList<TableWrites>))]
[JsonSerializable(typeof(IReadOnlyList<Procedure>))]
internal sealed partial class WritesJson : JsonSerializerContext
{
    /// <summary>The entries of a file of this folder.</summary>
    public static JsonElement Element(string file)
    {
        using var stream = typeof(WritesJson).Assembly.GetManifestResourceStream($"Operations/{file}")!;
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }
}
