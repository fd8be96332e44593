using Sluice.Destinations.Files;
using Xunit;

namespace Sluice.Tests.Files;

public sealed class PathNamesTests
{
    [Theory]
    [InlineData("messages", "messages")]
    [InlineData("campaign_metrics-days.2", "campaign_metrics-days.2")]
    [InlineData("Übung", "Übung")]
    [InlineData("..", "%2E.")]
    [InlineData(".sluice", "%2Esluice")]
    [InlineData("a/b\\c*?[x]%", "a%2Fb%5Cc%2A%3F%5Bx%5D%25")]
    [InlineData("a b=c", "a%20b%3Dc")]
    public void Names_can_stand_in_a_path_and_lead_nowhere_else(string name, string safe) => Assert.Equal(safe, PathNames.Safe(name));
}
