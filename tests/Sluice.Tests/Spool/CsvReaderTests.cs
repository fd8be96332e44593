using System.Text;
using Sluice.Engine.Extract.Exports;
using Xunit;

namespace Sluice.Tests.Spool;

public sealed class CsvReaderTests
{
    public static TheoryData<string, string> Files => new()
    {
        { "a,b\n1,2\n", "a;b/1;2" },
        { "a,b\r\n1,2", "a;b/1;2" },
        { "\uFEFFa\n1\n", "a/1" },
        { "a,b\n,\n", "a;b/;" },
        { "a,\n", "a;" },
        { "\"x,y\",\"say \"\"hi\"\"\"\n", "x,y;say \"hi\"" },
        { "\"two\r\nlines\",z\r\nq,r", "two\r\nlines;z/q;r" },
        { "5\" pipe,b\n", "5\" pipe;b" },
        { "lone\rreturn,b\n", "lone\rreturn;b" },
        { "\"\",\"\"\"\"\n", ";\"" },
        { "a\r", "a" },
        { "\"a\"\r", "a" },
        { "a\n\nb", "a//b" },
        { "", "" },
        { "\uFEFF", "" },
        { "日本,🎉\n", "日本;🎉" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Records_are_read_however_the_bytes_come(string file, string records)
    {
        foreach (var piece in new[] { 1, 2, 3, 7, 100_000 })
        {
            Assert.Equal(records, string.Join('/', Read(file, piece)));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_same_comes_asynchronously(string file, string records)
    {
        var reader = new CsvReader(new Trickle(Encoding.UTF8.GetBytes(file), 1));
        var read = new List<string>();
        while (await reader.ReadAsync(CancellationToken.None))
        {
            read.Add(Text(reader));
        }

        Assert.Equal(records, string.Join('/', read));
    }

    [Theory]
    [InlineData("a\n\"b", "record 2 has a quote that is never closed")]
    [InlineData("\"a\"b,c\n", "record 1 has letters behind a closing quote")]
    public void What_is_no_csv_is_said_with_its_record(string file, string error) =>
        Assert.StartsWith(error, Assert.Throws<InvalidDataException>(() => Read(file, 3)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a,b,c", null)]
    [InlineData(",,", null)]
    [InlineData("a,b,c,,", null)]
    [InlineData("a,b", "record 1 has 2 values, but the file has 3 columns")]
    [InlineData("a", "record 1 has 1 values, but the file has 3 columns")]
    [InlineData("a,b,c,d", "record 1 has 4 values, but the file has 3 columns")]
    [InlineData("a,b,c,,e", "record 1 has 5 values, but the file has 3 columns")]
    public void A_record_has_a_value_for_each_column(string file, string? error)
    {
        var reader = new CsvReader(new MemoryStream(Encoding.UTF8.GetBytes(file)));
        Assert.True(reader.Read());

        Assert.Equal(error, Record.Exception(() => reader.RequireFields(3))?.Message);
    }

    [Fact]
    public void A_record_can_be_larger_than_the_buffer()
    {
        var text = new string('x', 3_000_000);
        Assert.Equal([$"a;{text}", "b;c"], Read($"a,\"{text}\"\nb,c\n", 100_000));
    }

    [Theory]
    [InlineData("a,\"b\nc\"\n", true)]
    [InlineData("a,5\"\n", false)]
    [InlineData("a,b\rc\n", false)]
    public void A_record_knows_whether_it_can_stay_as_it_is(string file, bool strict)
    {
        var reader = new CsvReader(new MemoryStream(Encoding.UTF8.GetBytes(file)));
        Assert.True(reader.Read());
        Assert.Equal(strict, reader.IsStrict);
    }

    private static List<string> Read(string file, int piece)
    {
        var reader = new CsvReader(new Trickle(Encoding.UTF8.GetBytes(file), piece));
        var records = new List<string>();
        while (reader.Read())
        {
            records.Add(Text(reader));
        }

        return records;
    }

    private static string Text(CsvReader reader) =>
        string.Join(';', Enumerable.Range(0, reader.Count).Select(place => Encoding.UTF8.GetString(reader.Field(place))));

    private sealed class Trickle(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(piece, buffer.Length)]);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(piece, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span));
    }
}
