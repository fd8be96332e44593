using System.Globalization;
using Sluice.Engine.Catalog;

namespace Sluice.Sql.Fetching;

/// <summary>Options whose value is a column's in every row that they let through, so that a condition on the column can be asked for.</summary>
internal static class OptionColumns
{
    private static readonly Dictionary<string, string[]> Exact = new(StringComparer.Ordinal)
    {
        ["messages"] = ["type", "campaign_id", "newsletter_id", "action_id"],
        ["activities"] = ["type"],
        ["esp_suppressions"] = ["type"],
    };

    public static IEnumerable<(ResourceOption Option, string Column)> Of(Resource resource) =>
        from name in Exact.GetValueOrDefault(resource.SharedWith ?? resource.Name) ?? []
        let option = resource.Options.FirstOrDefault(option => option.Name == name)
        where option is not null
        select (option, option.Route ?? name);
}

/// <summary>Values in words.</summary>
internal static class Words
{
    private const int Few = 3;

    public static string Of(IReadOnlyList<string> values) => values.Count switch
    {
        0 => "has no value",
        1 => $"= {values[0]}",
        <= Few => $"in ({string.Join(", ", values)})",
        _ => string.Create(CultureInfo.InvariantCulture, $"in {values.Count} values"),
    };
}
