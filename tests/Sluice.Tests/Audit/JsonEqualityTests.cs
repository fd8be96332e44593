using Sluice.Engine.Audit;
using Xunit;

namespace Sluice.Tests.Audit;

public sealed class JsonEqualityTests
{
    [Theory]
    [InlineData("""{"a":1,"b":[true,null]}""", """{"b": [true, null], "a": 1}""", true)]
    [InlineData("""{"a":1}""", """{"a":1,"b":null}""", false)]
    [InlineData("""{"a":1e2}""", """{"a":100}""", true)]
    [InlineData("""{"a":9007199254740993}""", """{"a":9007199254740992}""", false)]
    [InlineData("""{"a":1,"a":2}""", """{"a":2}""", true)]
    [InlineData("""[1,2]""", """[2,1]""", false)]
    [InlineData("""{"a":"\u00e4"}""", """{"a":"ä"}""", true)]
    [InlineData("{broken", "{broken", true)]
    [InlineData("{broken", "{ broken", false)]
    public void Json_is_compared_by_what_it_says(string left, string right, bool isSame) => Assert.Equal(isSame, JsonEquality.IsSame(left, right));
}
