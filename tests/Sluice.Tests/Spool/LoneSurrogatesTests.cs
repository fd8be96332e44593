using System.Text;
using Sluice.Engine.Spool;
using Xunit;

namespace Sluice.Tests.Spool;

public sealed class LoneSurrogatesTests
{
    [Theory]
    [InlineData(@"{""a"":""\ud800""}", @"{""a"":""\ufffd""}", 1)]
    [InlineData(@"{""a"":""\uDFFF x \uD83D""}", @"{""a"":""\ufffd x \ufffd""}", 2)]
    [InlineData(@"{""a"":""\ud83d\ude00""}", @"{""a"":""\ud83d\ude00""}", 0)]
    [InlineData(@"{""a"":""\ud83d\ud83d\ude00""}", @"{""a"":""\ufffd\ud83d\ude00""}", 1)]
    [InlineData(@"{""a"":""\ude00\ud83d""}", @"{""a"":""\ufffd\ufffd""}", 2)]
    [InlineData(@"{""a"":""\\ud800""}", @"{""a"":""\\ud800""}", 0)]
    [InlineData(@"{""a"":""\\\ud800""}", @"{""a"":""\\\ufffd""}", 1)]
    [InlineData(@"{""a"":""\""\ud800\n\u0041""}", @"{""a"":""\""\ufffd\n\u0041""}", 1)]
    [InlineData(@"{""a"":""\udabcdef""}", @"{""a"":""\ufffddef""}", 1)]
    public void Halves_are_replaced_and_everything_else_stays(string json, string expected, int mended)
    {
        var text = Encoding.UTF8.GetBytes(json);
        Assert.Equal(mended, LoneSurrogates.Mend(text));
        Assert.Equal(expected, Encoding.UTF8.GetString(text));
    }
}
