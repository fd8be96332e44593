using System.Globalization;
using System.Text;
using Sluice.CustomerIo;
using Xunit;

namespace Sluice.Tests.CustomerIo;

public sealed class FieldProfileTests
{
    [Fact]
    public void A_key_twice_in_one_record_is_told()
    {
        Assert.True(Profile("""[{"a":1,"b":2,"a":3}]""").HasRepeatedNames);
        Assert.False(Profile("""[{"a":1},{"a":2}]""").HasRepeatedNames);
    }

    [Fact]
    public void Profiles_add_up()
    {
        FieldProfile sum = Profile("""[{"a":1},{"a":null,"b":"x"}]""");
        sum.Add(Profile("""[{"c":[],"a":1.5,"c":1}]"""));
        Assert.Equal(["a", "b", "c"], sum.Keys);
        Assert.Equal(JsonKinds.Integer | JsonKinds.Null | JsonKinds.Fraction, sum["a"]);
        Assert.True(sum.HasRepeatedNames);
    }

    [Fact]
    public void Thousands_of_names_in_any_order_are_kept_apart()
    {
        var random = new Random(3);
        string[] names = [.. Enumerable.Range(0, 5000).Select(i => $"attribute-{i.ToString(CultureInfo.InvariantCulture)}-ü")];
        var body = new StringBuilder("[");
        for (int record = 0; record < 3; record++)
        {
            random.Shuffle(names);
            body.Append(record == 0 ? "" : ",").Append('{').AppendJoin(',', names.Select(name => $"\"{name}\":1")).Append('}');
        }

        FieldProfile fields = Profile(body.Append(']').ToString());
        Assert.Equal(5000, fields.Count);
        Assert.All(names, name => Assert.Equal(JsonKinds.Integer, fields[name]));
        Assert.Throws<KeyNotFoundException>(() => fields["absent"]);
    }

    private static FieldProfile Profile(string list) => PageParser.Parse(Encoding.UTF8.GetBytes(list), new PageShape()).Fields;
}
