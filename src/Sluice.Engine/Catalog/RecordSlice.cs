using System.Text;

namespace Sluice.Engine.Catalog;

/// <summary>The activities of one type, and of events those of one name, that have a table of their own.</summary>
/// <param name="Type">The activity's type.</param>
/// <param name="Name">The event's name; null for all names together.</param>
public sealed record RecordSlice(string Type, string? Name)
{
    /// <summary>The type of events, which have names.</summary>
    public const string Event = "event";

    /// <summary>Whether a record is one of these.</summary>
    public bool Takes(string? type, string? name) =>
        string.Equals(type, Type, StringComparison.Ordinal) && (Name is null || string.Equals(name ?? "", Name, StringComparison.Ordinal));

    /// <summary>
    /// What the table is called behind <c>activity_</c>: letters, digits and underscores stay, everything else becomes an underscore.
    /// </summary>
    public string TableEnding
    {
        get
        {
            var ending = new StringBuilder();
            foreach (var letter in Name is { Length: > 0 } ? $"{Type}_{Name}" : Type.TrimStart('_'))
            {
                ending.Append(char.IsLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '_');
            }

            return ending.ToString();
        }
    }

    /// <summary>Reads what <see cref="ToString"/> gives.</summary>
    public static RecordSlice Parse(string text) =>
        text.IndexOf('/', StringComparison.Ordinal) is var slash and > 0
            ? new RecordSlice(text[..slash], text[(slash + 1)..])
            : new RecordSlice(text, null);

    /// <summary>Gives it as <c>type</c> or <c>type/name</c>.</summary>
    public override string ToString() => Name is null ? Type : $"{Type}/{Name}";
}
