using System.Text;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract.Exports;
using Sluice.Engine.Shape;
using Sluice.Engine.Spool;
using Xunit;
using static Sluice.Tests.Shape.ShapeBench;

namespace Sluice.Tests.Shape;

public sealed class CsvSegmentTests : IDisposable
{
    private static readonly Resource Simple = Table(
        Is("id", ColumnType.Text),
        Is("count", ColumnType.Bigint),
        Is("ok", ColumnType.Boolean),
        Is("at", ColumnType.UnixTime, "at|at_time"),
        Is("campaign_id", ColumnType.Bigint));

    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-csv-").FullName;
    private readonly ShapeBench _bench = new();

    public void Dispose()
    {
        _bench.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Both_ways_of_reading_give_the_same_rows()
    {
        var shaped = Shape("id,count,ok,at,Name,name\n1,-5,true,1700000000,a,b\n007,,,0,\"two\nlines\",\"say \"\"hi\"\"\"\n\"x,y\",12,false,,,z\n");
        string?[][] expected =
        [
            ["1", "-5", "true", "2023-11-14T22:13:20", "7", "a", "b"],
            ["007", null, null, null, "7", "two\nlines", "say \"hi\""],
            ["x,y", "12", "false", null, "7", null, "z"],
        ];
        Assert.Equal(expected, _bench.Fast(shaped));
        Assert.Equal(expected, _bench.SafeCast(shaped));
        Assert.Equal(["id", "count", "ok", "at", "campaign_id", "Name", "name_2"], shaped.Columns.Select(column => column.Name));
    }

    [Theory]
    [InlineData("007")]
    [InlineData("1.5")]
    [InlineData("12345678901234567890")]
    [InlineData("five")]
    public void A_value_that_does_not_fit_its_column_is_rejected_and_not_changed(string value)
    {
        var shaped = Shape($"id,count\nx,{value}\ny,5\n");
        Assert.Null(shaped.FastSql);
        Assert.Equal([null, "5"], _bench.SafeCast(shaped).Select(row => row[1]));
        Assert.EndsWith($"count={value}", Assert.Single(_bench.Rejects(shaped)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_nobody_knows_stays_text_as_it_was_written()
    {
        var shaped = Shape("id,zip,flag,big\nx,007,true,1e5\n");
        Assert.Equal("1e5|true|007", string.Join('|', _bench.Fast(shaped)[0][^3..]));
        Assert.EndsWith("VARCHAR, VARCHAR, VARCHAR", _bench.Types(shaped, fast: true), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2023-11-14T22:13:20Z", true)]
    [InlineData("2023-11-14 22:13:20", true)]
    [InlineData("1700000000", true)]
    public void Times_come_as_seconds_or_as_text(string time, bool fast)
    {
        var shaped = Shape($"id,at\nx,{time}\n");
        Assert.Equal(fast, shaped.FastSql is not null);
        Assert.Equal("2023-11-14T22:13:20", _bench.Fast(shaped)[0][3]);
        Assert.Equal("2023-11-14T22:13:20", _bench.SafeCast(shaped)[0][3]);
    }

    [Fact]
    public void Times_of_both_kinds_are_read_one_by_one()
    {
        var shaped = Shape("id,at\nx,2023-11-14T22:13:20Z\ny,1700000000\nz,yesterday\n");
        Assert.Null(shaped.FastSql);
        Assert.Equal(["2023-11-14T22:13:20", "2023-11-14T22:13:20", null], _bench.SafeCast(shaped).Select(row => row[3]));
        Assert.EndsWith("at=yesterday", Assert.Single(_bench.Rejects(shaped)), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_rejected_with_all_that_can_be_told()
    {
        byte[] file = [.. "id,name\nx,caf"u8, 0xe9, .. "\ny,ok\n"u8];
        var shaped = Shape(file);
        Assert.Null(shaped.FastSql);
        Assert.Equal([null, "ok"], _bench.SafeCast(shaped).Select(row => row[^1]));
        Assert.EndsWith("name=\"caf\\udce9\"", Assert.Single(_bench.Rejects(shaped)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_of_three_megabytes_is_read_both_ways()
    {
        var text = new string('x', 3 * 1024 * 1024);
        var shaped = Shape($"id,name\nx,{text}\ny,z\n");
        Assert.Equal([text, "z"], _bench.Fast(shaped).Select(row => row[^1]));
        Assert.Equal([text, "z"], _bench.SafeCast(shaped).Select(row => row[^1]));
    }

    [Fact]
    public void A_file_without_the_key_is_an_error_that_says_what_it_has()
    {
        var error = Assert.Throws<SluiceException>(() => Shape("number,name\n1,a\n"));
        Assert.Equal(SluiceErrorKind.Schema, error.Kind);
        Assert.Contains("no column id", error.Message, StringComparison.Ordinal);
        Assert.Contains("number, name", error.Message, StringComparison.Ordinal);
        Assert.Contains("--primary-key", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_values_are_null_and_odd_records_written_anew()
    {
        var shaped = Shape("id,name,more\nx,,,\ny,5\" pipe,b\rc\n");
        Assert.Equal(["x||", "y|5\" pipe|b\rc"], _bench.Fast(shaped).Select(row => $"{row[0]}|{row[^1]}|{row[^2]}"));
        Assert.Equal(_bench.Fast(shaped), _bench.SafeCast(shaped));
    }

    [Fact]
    public void A_record_with_too_many_values_is_no_row() =>
        Assert.Contains(
            "record 2 has 3 values", Assert.Throws<InvalidDataException>(() => Shape("id,name\nx,y,z\n")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_record_with_too_few_values_is_no_row() =>
        Assert.Contains(
            "record 3 has 1 values", Assert.Throws<InvalidDataException>(() => Shape("id,name\nx,y\nz\n")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("id,Count,AT TIME,x", "id,count,at_time,x")]
    [InlineData("id,count,Count,COUNT", "id,count,Count,COUNT")]
    [InlineData("id,,id,id_2", "id,column_2,id_3,id_2")]
    [InlineData("id,OK,Ok", "id,OK,Ok")]
    public void Columns_get_names_that_nothing_is_lost_by(string written, string names) =>
        Assert.Equal(names, string.Join(',', CsvHeader.Of(written.Split(','), Simple, [])));

    private ShapedSegment Shape(string file) => Shape(Encoding.UTF8.GetBytes(file));

    private ShapedSegment Shape(byte[] file)
    {
        var reader = new CsvReader(new MemoryStream(file));
        Assert.True(reader.Read());
        var header = CsvHeader.Of([.. Enumerable.Range(0, reader.Count).Select(place => Encoding.UTF8.GetString(reader.Field(place)))], Simple, []);
        string[] typed = ["count", "ok", "at", "at_time"];
        var chunk = CsvChunk.Begin(_folder, 1024, [.. header.Select(field => typed.Contains(field))]);
        while (reader.Read())
        {
            chunk.Add(reader);
        }

        var draft = chunk.End("all", new CsvForm(header, new Dictionary<string, string> { ["campaign_id"] = "7" }));
        var segment = new Segment(1, draft.Path, "test/1")
        {
            Csv = draft.Form,
            Length = draft.Length,
            Rows = draft.Rows,
            LargestRecord = draft.LargestRecord,
        };
        segment.Fields.Add(draft.Fields);
        return new Shaper(Options(Simple)).Shape(segment);
    }
}
