using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Sluice.Engine.Catalog;

namespace Sluice.Tests.Schema;

/// <summary>Makes up stories whose fields change their types and whose names are as bad as names can be.</summary>
internal static class StoryGenerator
{
    private static readonly string[] Names =
    [
        "a",
        "A",
        "name",
        "Name",
        "NAME",
        "name_2",
        "ä",
        "Ä",
        "",
        " ",
        "select",
        "a.b",
        "a/b",
        "~1",
        "a\"b",
        "it's",
        new('x', 200),
        "_extra",
        "_extra_2",
        "_sluice_run_id",
        "_sluice_p_id",
        "_sluice_loaded_at",
        "ID",
        "N",
        "a\0b",
        "line\nbreak",
        "\u001b[31m",
        "😀",
        "$",
        "*",
        "rowid",
        "record",
        "key\\",
        "n",
        "d",
        "b",
        "t",
        "u",
        "s",
        "j",
    ];

    private static readonly Gen<string> Integers = Gen.OneOf(
        Gen.Choose(-1000, 1000).Select(number => number.ToString(CultureInfo.InvariantCulture)),
        Gen.Elements("0", "-0", "1", "7", "9007199254740992", "1767225600"));

    private static readonly Gen<string> LongIntegers = Gen.Elements(
        "9007199254740993", "-9007199254740993", "9223372036854775807", "-9223372036854775808");

    private static readonly Gen<string> Fractions = Gen.OneOf(
        Gen.Elements("0.1", "1.0", "1.50", "1E5", "-0.0", "0.30000000000000004", "5e-324", "1.7976931348623157e308", "-2.5e-7"),
        from whole in Gen.Choose(-99999, 99999)
        from part in Gen.Choose(0, 999999)
        select string.Create(CultureInfo.InvariantCulture, $"{whole}.{part:D6}"));

    private static readonly Gen<string> BigNumbers = Gen.Elements(
        "18446744073709551616",
        "123456789012345678901234567890",
        "1e400",
        "-1e400",
        "1e-400",
        "0.12345678901234567890123",
        "0.10000000000000001",
        "9007199254740993.0");

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Elements(
            "\"\"",
            "\"007\"",
            "\"1.5\"",
            "\"12\"",
            "\"true\"",
            "\"null\"",
            "\" \"",
            "\"x\"",
            "\"[1]\"",
            "\"{\\\"a\\\":1}\"",
            "\"a\\u0000b\"",
            "\"\\ud83d\\ude00\"",
            "\"\\u00e4\\/\"",
            "\"2026-01-02T03:04:05.678Z\"",
            "\"2026-01-02\"",
            "\"10000-01-01T00:00:00Z\"",
            "\"\\\\\"",
            "\"'; DROP TABLE x --\"",
            "\"\u2028\"",
            "\"\\b\\f\\n\\r\\t\""),
        Gen.Choose(0, 0xFFFF).Select(unit => char.IsSurrogate((char)unit) ? "\"\\ud83d\\ude00\"" : JsonSerializer.Serialize(((char)unit).ToString()))
    );

    private static readonly Gen<string> HalfPairs = Gen.Elements("\"\\ud800\"", "\"a\\udc00\\ud800\"", "[\"\\udfff\"]", "{\"\\ud800\":1}");

    private static readonly Gen<string> Scalars = Gen.Frequency(
        (4, Integers), (1, LongIntegers), (3, Fractions), (1, BigNumbers), (4, Texts), (2, Gen.Elements("true", "false")), (2, Gen.Constant("null")));

    private static readonly Gen<string> Nested = Gen.OneOf(NestedTo(3), Gen.Constant(new string('[', 90) + "1" + new string(']', 90)));

    // A field mostly has values of one kind, or every column would be text after three records.
    private static readonly Gen<string>[] Palettes =
    [
        Integers,
        Gen.OneOf(Integers, LongIntegers),
        Fractions,
        Gen.Frequency((5, Integers), (1, Fractions)),
        Gen.Frequency((5, Integers), (1, LongIntegers), (1, Fractions)),
        Gen.Frequency((6, Fractions), (1, BigNumbers)),
        Texts,
        Gen.Elements("true", "false"),
        Gen.Frequency((5, Gen.Elements("true", "false")), (1, Scalars)),
        Nested,
        Gen.Frequency((5, Nested), (1, Scalars)),
        Scalars,
        Gen.Frequency((3, Scalars), (1, HalfPairs)),
    ];

    public static Arbitrary<Story> Stories => Arb.From(Story(), story => story.Smaller());

    private static Gen<string> NestedTo(int depth)
    {
        var inner = depth == 0 ? Scalars : Gen.Frequency((3, Scalars), (1, NestedTo(depth - 1)));
        var array = inner.ListOf().Select(items => $"[ {string.Join(" , ", items.Take(3))}]");
        var property = from name in Gen.Elements(Names) from value in inner select (name, value);
        var item = property
            .ListOf()
            .Select(properties =>
                $"{{{string.Join(",", properties.Take(3).DistinctBy(one => one.name).Select(one => $"{JsonSerializer.Serialize(one.name)} :{one.value}"))}}}"
            );
        return Gen.OneOf(array, item);
    }

    private static Gen<Story> Story() =>
        from strategy in Gen.Elements(Strategy.Merge, Strategy.Append, Strategy.Replace)
        from names in Gen.Shuffle(Names)
        from count in Gen.Choose(1, 7)
        from palettes in Gen.CollectToList(
            names.Take(count), name => Gen.Choose(0, Palettes.Length - 1).Select(palette => (Name: name, Values: Palettes[palette])))
        from runs in Between(1, 3, Run(palettes))
        select new Story(strategy, strategy == Strategy.Append ? [.. runs.Select(WithOwnIds)] : runs);

    private static Gen<Story.Run> Run(IReadOnlyList<(string Name, Gen<string> Values)> palettes) =>
        from contract in Gen.Frequency((4, Gen.Constant(SchemaContract.Evolve)), (1, Gen.Constant(SchemaContract.Json)))
        from segments in Between(1, 3, Between(1, 4, Record(palettes)))
        select new Story.Run(contract, segments);

    private static Gen<Story.Record> Record(IReadOnlyList<(string Name, Gen<string> Values)> palettes) =>
        from id in Gen.Choose(0, 6)
        from fields in Gen.SubListOf(palettes.AsEnumerable())
        from shuffled in Gen.Shuffle(fields.AsEnumerable())
        from values in Gen.CollectToList(shuffled, field => field.Values.Select(raw => (field.Name, raw)))
        select new Story.Record($"k{id.ToString(CultureInfo.InvariantCulture)}", [.. values]);

    private static Gen<IReadOnlyList<T>> Between<T>(int least, int most, Gen<T> one) =>
        Gen.Choose(least, most).SelectMany(count => one.ListOf(count)).Select(list => (IReadOnlyList<T>)[.. list]);

    // Rows that are appended again would stand twice.
    private static Story.Run WithOwnIds(Story.Run run, int number) =>
        run with
        {
            Segments =
            [
                .. run.Segments.Select(segment =>
                    (IReadOnlyList<Story.Record>)
                        [.. segment.Select(record => record with { Id = $"{record.Id}-{number.ToString(CultureInfo.InvariantCulture)}" })]),
            ],
        };
}
