using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Settings;

/// <summary>Finds out which rows a user's conditions are about, and notes those that would save no request.</summary>
internal sealed class WhereReader(TableName table, ValidationErrors mistakes)
{
    private const string Example =
        "Write it as campaign_id in (1, 2), or with a column of what leads to the table, as campaigns.created >= 2026-01-01; several conditions " +
            "with and.";

    /// <summary>Reads the conditions for a table.</summary>
    public WhereFilter Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return WhereFilter.None;
        }

        if (WhereText.Parse(text) is not { } said)
        {
            mistakes.Add(IngestSettings.Where, $"{table}: the condition can't be read: '{text}'.", Example);
            return WhereFilter.None;
        }

        return new WhereFilter([.. said.Select(one => Resolve(one.Name, one.Operator, one.Values)).OfType<WhereCondition>()]);
    }

    private WhereCondition? Resolve(string name, string comparison, List<string> values)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var found = dot < 0 ? BoundOrPerson(name) : Qualified(name[..dot], name[(dot + 1)..]);
        if (found is not var (resource, column))
        {
            mistakes.Add(IngestSettings.Where, $"{table}: no request would be saved by a condition on {name}.", Hint(name));
            return null;
        }

        var isTime = resource.Columns.Any(one => one.Name == column && one.Type == ColumnType.UnixTime);
        return new WhereCondition(resource.Name, column, comparison, isTime ? [.. values.Select(Seconds)] : values);
    }

    private (Resource Resource, string Column)? BoundOrPerson(string name)
    {
        var resource = Find(table.Resource);
        var person = PersonScope.With(resource, name);
        return person == resource ? Bound(resource, name) : (Find(person.Parent!.Resource), person.Parent.Route.Values.First());
    }

    // A column that the parent's row gives: the condition belongs as far up as the value comes from.
    private static (Resource Resource, string Column)? Bound(Resource resource, string column)
    {
        if (resource.Parent is not { } binding)
        {
            return null;
        }

        var parent = Find(binding.Resource);
        return binding.Columns.TryGetValue(column, out var given) ? Bound(parent, given) ?? (parent, given)
            : binding.Route.Values.Contains(column, StringComparer.Ordinal) ? (parent, column)
            : null;
    }

    private (Resource Resource, string Column)? Qualified(string name, string column)
    {
        for (var one = Find(table.Resource).Parent; one is not null; one = Find(one.Resource).Parent)
        {
            var parent = Find(one.Resource);
            if (
                Find(name) == parent
                && (parent.Columns.Any(known => known.Name == column) || parent.Parent?.Columns.ContainsKey(column) == true))
            {
                return Bound(parent, column) ?? (parent, column);
            }
        }

        return null;
    }

    private string Seconds(string value) => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        ? value
        : Instant(value)?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) ?? "0";

    private DateTimeOffset? Instant(string value)
    {
        var found = new ValidationErrors();
        var instant = IntervalText.Instant($"{table}: a condition's value", value, found);
        found.MoveTo(mistakes, IngestSettings.Where);
        return instant;
    }

    private SettingText Hint(string name)
    {
        var resource = Find(table.Resource);
        if (resource.PersonPath is not null && resource.Parent is null)
        {
            return "It can be asked for single people: cio_id in ('…'), or customer_id in ('…').";
        }

        if (resource.Parent is not { } binding)
        {
            return resource.Window is null ? "It is one list that Customer.io gives whole: filter in the destination." : HintOfWindow();
        }

        var own = binding.Columns.Keys.ToList();
        var parent = Find(binding.Resource);
        var columns = own.Concat(parent.Columns.Select(column => $"{binding.Resource}.{column.Name}")).ToList();
        var rest = $"There are {string.Join(", ", own)}, and the columns of {binding.Resource}, as {columns[^1]}; " +
            $"'sluice tables {binding.Resource}' lists them.";
        return $"{Suggestion.For(name, columns)} {rest}".TrimStart();
    }

    private static Resource Find(string name) => ResourceCatalog.Default.Find(name)!;

    private static SettingText HintOfWindow() =>
        $"Name its range of time with {IngestSettings.IntervalStart} and {IngestSettings.IntervalEnd}, or filter in the destination.";
}

/// <summary>Takes a text such as <c>campaign_id in (1, 2) and campaigns.created &gt;= 2026-01-01</c> apart.</summary>
internal static partial class WhereText
{
    /// <summary>Gives each condition as a name, a comparison and values; null when the text is no such list.</summary>
    public static List<(string Name, string Operator, List<string> Values)>? Parse(string text)
    {
        var conditions = new List<(string, string, List<string>)>();
        var rest = text.Trim();
        while (true)
        {
            var match = Condition().Match(rest);
            if (!match.Success)
            {
                return null;
            }

            var isList = match.Groups["list"].Success;
            var values = Value().Matches(isList ? match.Groups["list"].Value : match.Groups["one"].Value).Select(Unquoted).ToList();
            conditions.Add(
                (match.Groups["name"].Value, isList || match.Groups["op"].Value == "=" ? WhereCondition.In : match.Groups["op"].Value, values));
            rest = rest[match.Length..].TrimStart();
            if (rest.Length == 0)
            {
                return conditions;
            }

            var and = And().Match(rest);
            if (!and.Success)
            {
                return null;
            }

            rest = rest[and.Length..];
        }
    }

    private static string Unquoted(Match value) =>
        value.Value.StartsWith('\'') ? value.Value[1..^1].Replace("''", "'", StringComparison.Ordinal) : value.Value;

    [GeneratedRegex(
        @"^(?<name>[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?)\s*((?<op>>=|<=|=|>|<)\s*(?<one>'([^']|'')*'|[^\s'(),]+)"
            + @"|\s[iI][nN]\s*\(\s*(?<list>('([^']|'')*'|[^\s'(),]+)(\s*,\s*('([^']|'')*'|[^\s'(),]+))*)\s*\))",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Condition();

    [GeneratedRegex(@"'([^']|'')*'|[^\s'(),]+", RegexOptions.NonBacktracking)]
    private static partial Regex Value();

    [GeneratedRegex(@"^[aA][nN][dD]\s+", RegexOptions.NonBacktracking)]
    private static partial Regex And();
}
