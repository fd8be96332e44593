using System.Globalization;
using System.Text.Json;
using Sluice.Engine.Catalog;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations;

/// <summary>What a format of files or a store must keep: every value, type and name, and columns that come and grow.</summary>
public abstract partial class FormatCompliance : IAsyncLifetime
{
    private protected static readonly Resource Named = Table(Is("name", ColumnType.Text), Is("at", ColumnType.UnixTime));

    private DestinationPlace? _place;

    /// <summary>The instants that the destination holds; what lies outside is kept among the rejects.</summary>
    protected virtual (DateTimeOffset First, DateTimeOffset Last) Times =>
        (DateTimeOffset.UnixEpoch.AddSeconds(-62135596800), new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero));

    /// <summary>Whether text can hold U+0000; where it can't, the value is kept among the rejects.</summary>
    protected virtual bool HoldsNul => true;

    protected DestinationPlace Place => _place ?? throw new InvalidOperationException("The place is made before the test.");

    private protected LoadHarness Desk => field ??= new LoadHarness(Place);

    public async ValueTask InitializeAsync() => _place = await NewPlaceAsync();

    public async ValueTask DisposeAsync()
    {
        if (_place is not null)
        {
            await _place.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Makes an empty place, or skips the test naming what is missing.</summary>
    protected abstract ValueTask<DestinationPlace> NewPlaceAsync();

    [Fact]
    public async Task An_empty_load_makes_an_empty_table_with_its_columns()
    {
        var report = await Desk.LoadAsync(Job(Table(Is("name", ColumnType.Text)), Strategy.Replace), LoadScenario.Plain, []);
        Assert.Equal((0, 0), (report.Rows, report.TableRows));
        await using var destination = await Desk.OpenAsync();
        await using var reader = await destination.ReadTableAsync(Schema, "things", ["id"], Cancel);
        Assert.NotNull(reader);
        Assert.Equal(["id", "name", "_sluice_loaded_at", "_sluice_run_id"], Enumerable.Range(0, reader.FieldCount).Select(reader.GetName));
        Assert.False(await reader.ReadAsync(Cancel));
    }

    [Fact]
    public async Task Nulls_everywhere_are_nulls()
    {
        var resource = Table(
            Is("n", ColumnType.Bigint),
            Is("d", ColumnType.Double),
            Is("b", ColumnType.Boolean),
            Is("t", ColumnType.Text),
            Is("u", ColumnType.UnixTime),
            Is("j", ColumnType.Json));
        await Desk.LoadAsync(
            Job(resource, Strategy.Merge),
            LoadScenario.Plain,
            ["""{"id":1,"n":null,"d":null,"b":null,"t":null,"u":null,"j":null}""", """{"id":2}""", """{"id":3,"t":"","u":0}"""]);
        Assert.Equal(["1|NULL|NULL|NULL|NULL|NULL|NULL", "2|NULL|NULL|NULL|NULL|NULL|NULL", "3|NULL|NULL|NULL||NULL|NULL"], await Desk.LinesAsync());
    }

    [Fact]
    public async Task Text_comes_back_letter_by_letter()
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["emoji and scripts"] = "🜍 ẞ 漢字 العربية e\u0301 \U0010FFFF",
            ["what formats use"] = "a,b;c\t\"quoted\" 'x' \\N \\\\ \r\n next line \n\n end ",
            ["what stands for null elsewhere"] = "NULL",
            ["backslash N"] = "\\N",
            ["formulas"] = "=HYPERLINK(\"http://x\") +1 -1 @SUM",
            ["an apostrophe first"] = "'=1",
            ["SQL"] = "'; DROP TABLE things; --",
            ["byte order mark"] = "\uFEFFx",
            ["spaces around"] = "  x  ",
            ["control characters"] = "\u0001\u0008\u001b[31m\u007f\u0085\u2028",
        };
        var job = Job(Table(Is("what", ColumnType.Text), Is("t", ColumnType.Text)), Strategy.Merge);
        string[] records = [.. texts.Select((text, id) => JsonSerializer.Serialize(new { id, what = text.Key, t = text.Value }))];
        await Desk.LoadAsync(job, LoadScenario.Plain, records);
        Assert.Equal(texts, (await Desk.ReadAsync())!.ToDictionary(row => (string)row["what"]!, row => (string)row["t"]!, StringComparer.Ordinal));
        var again = await Desk.LoadAsync(job, LoadScenario.Plain, records);
        Assert.Equal((0, texts.Count), (again.Rows, again.Unchanged));
    }

    [Fact]
    public async Task What_text_cannot_hold_is_kept_among_the_rejects()
    {
        var report = await Desk.LoadAsync(
            Job(Table(Is("t", ColumnType.Text)), Strategy.Merge),
            LoadScenario.Plain,
            ["""{"id":1,"t":"a\u0000b"}""", """{"id":2,"t":"x"}"""]);
        var rows = await Desk.ReadAsync();
        Assert.Equal("x", rows![1]["t"]);
        if (HoldsNul)
        {
            Assert.Equal("a\0b", rows[0]["t"]);
            return;
        }

        Assert.Null(rows[0]["t"]);
        Assert.Equal(1, report.Rejected);
        var reject = Assert.Single((await Desk.ReadAsync("_sluice_rejects", "column_name"))!);
        Assert.Equal("t", reject["column_name"]);
        Assert.Contains("\\u0000", (string)reject["raw_value"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_text_and_a_million_letters_come_back()
    {
        var text = string.Concat(Enumerable.Repeat("0123456789äöü🜍", 70_000));
        await Desk.LoadAsync(Job(Table(Is("t", ColumnType.Text)), Strategy.Replace), LoadScenario.Plain, [$"{{\"id\":1,\"t\":\"{text}\"}}"]);
        Assert.Equal(text, (await Desk.ReadAsync())![0]["t"]);
    }

    [Theory]
    [InlineData(Strategy.Replace)]
    [InlineData(Strategy.Merge)]
    public async Task A_type_comes_back_with_its_limits(Strategy strategy)
    {
        (ColumnType Type, string Sent, string Expected)[] values =
        [
            (
                ColumnType.Bigint,
                "9223372036854775807|-9223372036854775808|0|9007199254740993|\"12\"",
                "9223372036854775807|-9223372036854775808|0|9007199254740993|12"),
            (
                ColumnType.Double,
                "1.7976931348623157e308|5e-324|-0.1|1e100|0.30000000000000004",
                "1.7976931348623157E+308|5E-324|-0.1|1E+100|0.30000000000000004"),
            (ColumnType.Boolean, "true|false|null|true|false", "True|False|NULL|True|False"),
            (ColumnType.Text, "\"\"|\"007\"|1.50|true|{\"a\":1.0}", "|007|1.50|true|{\"a\":1.0}"),
            (ColumnType.UnixTime, "1|1767225600|4102444799|0|null", "1970-01-01T00:00:01|2026-01-01T00:00:00|2099-12-31T23:59:59|NULL|NULL"),
            (
                ColumnType.Timestamp,
                "\"2026-03-01T12:34:56.123456Z\"|\"1999-12-31T23:59:59.999999Z\"|null|null|null",
                "2026-03-01T12:34:56.123456|1999-12-31T23:59:59.999999|NULL|NULL|NULL"),
            (
                ColumnType.Json,
                "{\"a\":[1,null,\"x\"],\"b\":{\"c\":1.5}}|[]|{}|[1,2]|\"text\"",
                "{\"a\":[1,null,\"x\"],\"b\":{\"c\":1.5}}|[]|{}|[1,2]|\"text\""),
        ];
        var records = Enumerable
            .Range(0, 5)
            .Select(id => $"{{\"id\":{id},{string.Join(',', values.Select(value => $"\"{value.Type}\":{value.Sent.Split('|')[id]}"))}}}")
            .ToList();
        var job = Job(Table([.. values.Select(value => Is(value.Type.ToString(), value.Type))]), strategy);
        await Desk.LoadAsync(job, LoadScenario.Plain, records);
        var rows = (await Desk.ReadAsync())!;
        foreach (var (type, _, expected) in values)
        {
            Assert.Equal(expected.Split('|'), rows.Select(row => Line(row, type.ToString())));
        }
    }

    [Fact]
    public async Task The_first_and_the_last_instant_come_back_or_are_rejected_with_their_value()
    {
        var (first, last) = (Times.First.ToUnixTimeSeconds(), Times.Last.ToUnixTimeSeconds());
        var report = await Desk.LoadAsync(
            Job(Table(Is("v", ColumnType.UnixTime)), Strategy.Merge),
            LoadScenario.Plain,
            [
                .. new[] { first, last, -62135596800, 253402300799 }.Select(
                    (value, id) => string.Create(CultureInfo.InvariantCulture, $"{{\"id\":{id},\"v\":{value}}}")),
            ]);
        var rows = await Desk.ReadAsync();
        Assert.Equal([Times.First, Times.Last], rows!.Take(2).Select(row => row["v"]));
        var outside = new[] { DateTimeOffset.MinValue, new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero) }.Select(time =>
            time >= Times.First && time <= Times.Last ? time : (DateTimeOffset?)null);
        Assert.Equal(outside, rows!.Skip(2).Select(row => (DateTimeOffset?)row["v"]));
        Assert.Equal(outside.Count(time => time is null), report.Rejected);
    }

    [Fact]
    public async Task Every_name_gets_a_column()
    {
        string[] fields =
        [
            "select",
            "order",
            "group",
            "user",
            "index",
            "table",
            "xmin",
            "ctid",
            "oid",
            "rowid",
            "_rowid_",
            "Name",
            "name",
            "NAME",
            "with space",
            "with\"quote",
            "with`tick",
            "with'apostrophe",
            "x\"; DROP TABLE things; --",
            "semi;colon",
            "new\nline",
            "percent%s",
            "$1",
            "@at",
            ":at",
            "?",
            "{x:String}",
            "emoji 🜍",
            "ünï",
            "",
            ".",
            "a.b",
            "..",
            "a/b",
            "\\",
            "--",
            "/*",
            "%00",
            "_sluice_run_id",
            "_extra",
            new('x', 63),
            new('x', 64),
            new string('x', 64) + "y",
            new('ü', 200),
            "value",
            "key",
            "time",
            "date",
            "default",
            "count",
            "current_user",
        ];
        var record = $"{{\"id\":1000,{string.Join(',', fields.Select((field, place) => $"{JsonSerializer.Serialize(field)}:{place}"))}}}";
        var job = Job(Table(), Strategy.Merge);
        await Desk.LoadAsync(job, LoadScenario.Plain, [record]);
        var row = Assert.Single((await Desk.ReadAsync())!);
        Assert.Equal([.. Enumerable.Range(0, fields.Length).Select(place => (long)place), 1000L], row.Values.OfType<long>().Order());
        var again = await Desk.LoadAsync(job, LoadScenario.Plain, [record]);
        Assert.Equal((0, 1), (again.Rows, again.Unchanged));
        Assert.Equal(row.Keys, (await Desk.ReadAsync())![0].Keys);
    }
}
