using System.Globalization;
using System.Text;
using DuckDB.NET.Data;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;
using Sluice.Engine.Shape;
using Sluice.Engine.Spool;
using Sluice.Tests.DuckDb;
using Sluice.Tests.Spool;

namespace Sluice.Tests.Shape;

/// <summary>Shapes records in files of their own and runs the SQL in memory; every value is told as text, NULL as null.</summary>
internal sealed class ShapeBench : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-shape-").FullName;
    private readonly DuckDBConnection _connection = Database.InMemory();
    private int _segments;

    public ShapeBench() => _connection.Execute("SET TimeZone = 'UTC'");

    public static Resource Table(params Column[] columns) => new()
    {
        Name = "things",
        Doc = "",
        DocsUrl = "",
        Path = "/v1/things",
        RootKeys = ["things"],
        PrimaryKey = ["id"],
        Columns = columns,
    };

    public static Column Is(string name, ColumnType type, string? source = null) => new(name, type, "") { Source = source ?? name };

    public static ShapeOptions Options(Resource resource) => new() { Resource = resource, Table = "out.things", PrimaryKey = resource.PrimaryKey };

    public ShapedSegment Shape(Resource resource, params string[] records) => new Shaper(Options(resource)).Shape(Segment(records));

    public Segment Segment(params string[] records)
    {
        var draft = Pages.Draft("all", null, records);
        return Segment(draft);
    }

    public Segment Segment(PageDraft draft)
    {
        var number = ++_segments;
        var path = Path.Combine(_folder, $"it's {number}.ndjson");
        File.WriteAllBytes(path, draft.Lines.Span);
        var segment = new Segment(number, path, $"test/{number}")
        {
            Length = draft.Lines.Length,
            Rows = draft.Rows,
            LargestRecord = draft.LargestRecord,
        };
        segment.Fields.Add(draft.Fields);
        return segment;
    }

    public List<string?[]> SafeCast(ShapedSegment shaped)
    {
        using var safeCast = shaped.SafeCast();
        return Rows(safeCast.Sql);
    }

    public List<string?[]> Fast(ShapedSegment shaped) => Rows(shaped.FastSql ?? throw new InvalidOperationException("There is no fast SQL."));

    /// <summary>The one value of the named column in the one row, read with care.</summary>
    public string? Value(ShapedSegment shaped, string column) => SafeCast(shaped)[0][Index(shaped, column)];

    /// <summary>Column and raw value of each reject.</summary>
    public List<string> Rejects(ShapedSegment shaped, long? most = null)
    {
        using var safeCast = shaped.SafeCast();
        return safeCast.RejectsSql(most) is { } sql ? [.. Rows(sql).Select(row => $"{row[0]} {row[1]}={row[2]}")] : [];
    }

    public List<string?[]> Rows(string sql) => [.. _connection.Rows(sql).Select(row => row.Select(Text).ToArray())];

    public string Types(ShapedSegment shaped, bool fast = false)
    {
        using var safeCast = shaped.SafeCast();
        return string.Join(", ", _connection.Rows($"DESCRIBE {(fast ? shaped.FastSql : safeCast.Sql)}").Select(row => row[1]));
    }

    /// <summary>Files beside the segments: what a careful reading left behind.</summary>
    public IEnumerable<string> Leftovers() => Directory.EnumerateFiles(_folder).Where(file => !file.EndsWith(".ndjson", StringComparison.Ordinal));

    public void Dispose()
    {
        _connection.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int Index(ShapedSegment shaped, string column) =>
        shaped.Columns.Index().Single(one => string.Equals(one.Item.Name, column, StringComparison.Ordinal)).Index;

    private static string? Text(object? value) => value switch
    {
        null or DBNull => null,
        bool flag => flag ? "true" : "false",
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
