using System.Globalization;
using Sluice.Engine.Catalog;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations;

public abstract partial class FormatCompliance
{
    private static readonly LoadScenario Soft = new() { Deletes = DeletePolicy.Soft };

    [Fact]
    public async Task Merging_twice_leaves_the_same_table()
    {
        var job = Job(Named, Strategy.Merge);
        string[] records =
        [
            .. Enumerable
                .Range(1, 300)
                .Select(id => string.Create(CultureInfo.InvariantCulture, $"{{\"id\":{id},\"name\":\"n{id}\",\"at\":{1700000000 + id}}}")),
        ];
        var first = await Desk.LoadAsync(job, LoadScenario.Plain, records[..200], records[100..]);
        Assert.Equal((300, 100, 300), (first.Rows, first.Doubled, first.TableRows));
        var table = await Desk.ReadAsync();
        var second = await Desk.LoadAsync(job, LoadScenario.Plain, records);
        Assert.Equal((0, 300, 300), (second.Rows, second.Unchanged, second.TableRows));
        Assert.Equal(table!.Select(row => Line(row, [.. row.Keys])), (await Desk.ReadAsync())!.Select(row => Line(row, [.. row.Keys])));
    }

    [Theory]
    [InlineData(Strategy.Merge)]
    [InlineData(Strategy.Replace)]
    [InlineData(Strategy.Append, Traits = ["length", "long"])]
    public async Task A_row_that_is_gone_is_marked_and_one_that_returns_loses_the_mark(Strategy strategy)
    {
        var job = Job(Named, strategy);
        await Desk.LoadAsync(job, Soft, ["""{"id":1,"name":"a"}""", """{"id":2,"name":"b"}""", """{"id":3,"name":"c"}"""]);
        var gone = await Desk.LoadAsync(job, Soft, ["""{"id":1,"name":"a"}"""]);
        Assert.Equal((2, 1), (gone.Deleted, gone.TableRows));
        Assert.Equal(["1|a", "2|b", "3|c"], await Desk.LinesAsync("id", "name"));
        var marks = (await Desk.ReadAsync())!.Select(row => row["_sluice_deleted_at"]).ToList();
        Assert.Equal([false, true, true], marks.Select(mark => mark is DateTimeOffset));
        var still = await Desk.LoadAsync(job, Soft, ["""{"id":1,"name":"a"}"""]);
        Assert.Equal((0, 1), (still.Deleted, still.TableRows));
        Assert.Equal(marks, (await Desk.ReadAsync())!.Select(row => row["_sluice_deleted_at"]));
        var back = await Desk.LoadAsync(job, Soft, ["""{"id":1,"name":"a"}""", """{"id":3,"name":"c"}"""]);
        Assert.Equal((0, 1, 2), (back.Deleted, back.Returned, back.TableRows));
        Assert.Equal([false, true, false], (await Desk.ReadAsync())!.Select(row => row["_sluice_deleted_at"] is not null));
    }
}
