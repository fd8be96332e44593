using System.Text;

namespace Sluice.Engine.Catalog;

/// <summary>Which members of a record's object become columns.</summary>
/// <param name="Rule">The object, and the prefix of the columns.</param>
/// <param name="Only">The members that are wanted; empty for all.</param>
public sealed record Flattening(FlattenRule Rule, IReadOnlyList<string> Only)
{
    /// <summary>Whether a member becomes a column.</summary>
    public bool Takes(string member) => Only.Count == 0 || Only.Contains(member, StringComparer.Ordinal);

    /// <summary>The field that a member is written as beside the record's own.</summary>
    public string FieldOf(string member) => $"{Rule.Field}.{member}";

    /// <summary>
    /// The name that the column of such a field should have; null for other fields. Letters, digits and underscores stay, everything else becomes an
    /// underscore.
    /// </summary>
    public string? ColumnOf(string field)
    {
        if (!field.StartsWith(Rule.Field + ".", StringComparison.Ordinal))
        {
            return null;
        }

        var name = new StringBuilder(Rule.Prefix);
        foreach (var letter in field.AsSpan(Rule.Field.Length + 1))
        {
            name.Append(char.IsLetterOrDigit(letter) || letter == '_' ? letter : '_');
        }

        return name.Length == 0 ? "_" : name.ToString();
    }

    /// <summary>Gives it in words that change whenever other members are taken.</summary>
    public override string ToString() => $"{Rule.Field}:{(Only.Count == 0 ? "all" : string.Join(',', Only.Order(StringComparer.Ordinal)))}";
}
