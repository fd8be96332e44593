using System.Diagnostics.CodeAnalysis;

namespace Sluice.Engine.Catalog;

/// <summary>The name of a table: a resource, and for metrics the period.</summary>
/// <param name="Resource">The name of the resource, as the catalog writes it.</param>
/// <param name="Period">The period of a table of metrics, or null for any other table.</param>
public sealed record TableName(string Resource, MetricsPeriod? Period)
{
    private static string Periods => "hours, days, weeks or months";

    /// <summary>The name that the table has in a destination: <c>campaign_metrics_days</c> for <c>campaign_metrics:days</c>.</summary>
    public string TableIdentifier => Period is { } period ? $"{Resource}_{Word(period)}" : Resource;

    /// <summary>Reads a name such as <c>campaigns</c> or <c>campaign_metrics:days</c>.</summary>
    /// <exception cref="FormatException">The name is not a table's; the message says why and what was probably meant.</exception>
    public static TableName Parse(string text, ResourceCatalog catalog) =>
        TryParse(text, catalog, out var name, out var problem) ? name : throw new FormatException(problem);

    /// <summary>Reads a name such as <c>campaign_metrics:days</c>, or says what is wrong with it and what was probably meant.</summary>
    public static bool TryParse(
        string text, ResourceCatalog catalog, [NotNullWhen(true)] out TableName? name, [NotNullWhen(false)] out string? problem)
    {
        name = null;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var table = (colon < 0 ? text : text[..colon]).Trim();
        var word = colon < 0 ? null : text[(colon + 1)..].Trim();
        var resource = catalog.Find(table);
        MetricsPeriod? period = word is null ? null : FindPeriod(word);
        problem = resource is null ? UnknownTable(table, catalog) : PeriodProblem(resource, word, period);
        if (problem is not null)
        {
            return false;
        }

        name = new TableName(resource!.Name, period);
        return true;
    }

    /// <summary>Gives the name as it is written in a configuration: <c>campaign_metrics:days</c>.</summary>
    public override string ToString() => Period is { } period ? $"{Resource}:{Word(period)}" : Resource;

    /// <summary>Gives the word that the API and table names use for a period, such as <c>days</c>.</summary>
    public static string Word(MetricsPeriod period) => period switch
    {
        MetricsPeriod.Hours => "hours",
        MetricsPeriod.Days => "days",
        MetricsPeriod.Weeks => "weeks",
        MetricsPeriod.Months => "months",
        _ => throw new ArgumentOutOfRangeException(nameof(period), period, $"There are {Periods}."),
    };

    private static MetricsPeriod? FindPeriod(string word) =>
        Enum.GetValues<MetricsPeriod>()
            .Cast<MetricsPeriod?>()
            .FirstOrDefault(period => word.Equals(Word(period!.Value), StringComparison.OrdinalIgnoreCase));

    private static string? PeriodProblem(Resource resource, string? word, MetricsPeriod? period) => (resource.TakesPeriod, word) switch
    {
        (true, null or "") => $"The table {resource.Name} needs a period, {Periods}: write for example {resource.Name}:days.",
        (true, _) when period is null => $"The period '{word}' of the table {resource.Name} is unknown: it can be {Periods}.",
        (false, not null) => $"The table {resource.Name} takes no period: write {resource.Name} without ':{word}'.",
        _ => null,
    };

    private static string UnknownTable(string table, ResourceCatalog catalog)
    {
        if (table.Length == 0)
        {
            return "A table's name is missing. `sluice tables` lists them.";
        }

        var nearest = catalog.Nearest(table, 3);
        var hint = nearest.Count == 0 ? string.Empty : $" Did you mean {string.Join(" or ", nearest)}?";
        return $"There is no table '{table}'.{hint} `sluice tables` lists them.";
    }
}
