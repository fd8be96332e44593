using System.Globalization;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract;

/// <summary>When what sends deliveries was made: they are not older, but for a day of grace for clocks that differ.</summary>
internal static class ParentBirth
{
    private const long Grace = 86_400;

    public static DateTimeOffset? Of(ParentRow row, WindowRule rule) =>
        rule.NotBefore is { } column && long.TryParse(row.Text(column), CultureInfo.InvariantCulture, out var seconds) && seconds > Grace
            ? DateTimeOffset.FromUnixTimeSeconds(seconds - Grace)
            : null;
}
