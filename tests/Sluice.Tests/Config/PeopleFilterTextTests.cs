using Sluice.Engine;
using Sluice.Settings;
using Xunit;

namespace Sluice.Tests.Config;

public sealed class PeopleFilterTextTests
{
    [Theory]
    [InlineData("""{"and":[{"segment":{"id":7}},{"segment":{"id":5}}]}""")]
    [InlineData("""{"attribute":{"field":"unsubscribed","operator":"eq","value":"true"}}""")]
    [InlineData("""{"attribute":{"field":"unsubscribed","operator":"eq","value":true}}""")]
    [InlineData("""{"not":{"attribute":{"field":"email","operator":"exists"}}}""")]
    [InlineData(
        """{"and":[{"segment":{"id":3}},{"or":[{"attribute":{"field":"state","operator":"eq","value":"NM"}},{"not":{"attribute":{"field":"species","operator":"eq","value":"x"}}}]}]}"""
    )]
    public void What_the_grammar_has_is_sent_as_it_is(string filter)
    {
        var mistakes = new ValidationErrors();
        Assert.Equal(filter, PeopleFilterText.Read("filter", filter, mistakes));
        Assert.False(mistakes.Any);
    }

    [Theory]
    [InlineData("""{"attribute":{"field":"unsubscribed","operator":"eq","value":"true"}}}""", "no JSON")]
    [InlineData("""[{"segment":{"id":7}}]""", "$ stands an array")]
    [InlineData("""{"segment":{"id":7},"and":[]}""", "2 conditions")]
    [InlineData("{}", "0 conditions")]
    [InlineData("""{"and":{"segment":{"id":7}}}""", "$.and must be an array")]
    [InlineData("""{"or":[]}""", "$.or is empty")]
    [InlineData("""{"not":[{"segment":{"id":7}}]}""", "$.not stands an array")]
    [InlineData("""{"and":[{"segment":{"id":"7"}}]}""", "$.and[0].segment must be")]
    [InlineData("""{"and":[{"segmnt":{"id":7}}]}""", "'segmnt' at $.and[0]")]
    [InlineData("""{"attribute":{"field":"age","operator":"gt","value":"4"}}""", "operator is 'gt'")]
    [InlineData("""{"attribute":{"field":"age","operator":"eq"}}""", "value is missing")]
    [InlineData("""{"attribute":{"operator":"exists"}}""", "field is missing")]
    [InlineData("""{"attribute":{"field":"age","operator":"exists","valeu":1}}""", "'valeu'")]
    public void What_the_grammar_does_not_have_is_named_with_its_place(string filter, string place)
    {
        var mistakes = new ValidationErrors();
        Assert.Null(PeopleFilterText.Read("filter", filter, mistakes));
        Assert.Contains(place, Assert.Throws<SluiceException>(mistakes.ThrowIfAny).Message, StringComparison.Ordinal);
    }
}
