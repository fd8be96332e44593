using System.Text;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;
using Xunit;

namespace Sluice.Tests.Extract;

public sealed class RecordFlattenerTests
{
    [Theory]
    [InlineData("""{"data":{"k":1,"k":2}}""", "2")]
    [InlineData("""{"data":{"k":1,"k":null}}""", "null")]
    [InlineData("""{"data":{"k":1},"data":{"k":3}}""", "3")]
    public void The_last_of_equal_names_becomes_the_column(string record, string value)
    {
        var rule = new FlattenRule("data", "data_");
        var flat = new RecordFlattener(new Flattening(rule, ["k"])).Apply(Encoding.UTF8.GetBytes(record), new FieldProfile());
        Assert.Equal($"{record[..^1]},\"data.k\":{value}}}", Encoding.UTF8.GetString(flat));
    }

    [Theory]
    [InlineData("""{"at":1,"at":2.0}""", 2L)]
    [InlineData("""{"at":1.7e9}""", 1700000000L)]
    [InlineData("""{"at":1.5}""", null)]
    public void A_time_is_the_last_of_its_name_in_any_spelling(string record, long? time) =>
        Assert.Equal(time, RecordFields.TimeOf(Encoding.UTF8.GetBytes(record), "at"));
}
