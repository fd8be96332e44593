using Sluice.Engine.Catalog;

namespace Sluice.Tests.Schema;

/// <summary>Several loads of one table, one after the other.</summary>
internal sealed record Story(Strategy Strategy, IReadOnlyList<Story.Run> Runs)
{
    /// <summary>The same with something left out, for the smallest story that still fails.</summary>
    public IEnumerable<Story> Smaller() =>
        Without(Runs).Select(runs => this with { Runs = runs })
            .Concat(Each(Runs, run => run.Smaller()).Select(runs => this with { Runs = runs }));

    public override string ToString() => $"{Strategy}\n{string.Join("\n", Runs)}";

    private static IEnumerable<IReadOnlyList<T>> Without<T>(IReadOnlyList<T> items) =>
        items.Count < 2 ? [] : Enumerable.Range(0, items.Count).Select(left => (IReadOnlyList<T>)[.. items.Where((_, place) => place != left)]);

    private static IEnumerable<IReadOnlyList<T>> Each<T>(IReadOnlyList<T> items, Func<T, IEnumerable<T>> smaller) =>
        items.SelectMany((item, place) => smaller(item).Select(other => (IReadOnlyList<T>)[.. items.Take(place), other, .. items.Skip(place + 1)]));

    internal sealed record Run(SchemaContract Contract, IReadOnlyList<IReadOnlyList<Record>> Segments)
    {
        public IEnumerable<Run> Smaller() =>
            Without(Segments).Concat(Each(Segments, segment => Without(segment).Concat(Each(segment, record => record.Smaller()))))
                .Select(segments => this with { Segments = segments });

        public override string ToString() =>
            $"  {Contract}\n{string.Join("\n", Segments.Select(segment => "    segment\n" + string.Join("\n", segment.Select(record => "      " + record.Json))))}";
    }

    internal sealed record Record(string Id, IReadOnlyList<(string Field, string Raw)> Fields)
    {
        public string Json =>
            $"{{\"id\":\"{Id}\"{string.Concat(Fields.Select(one => $",{System.Text.Json.JsonSerializer.Serialize(one.Field)}: {one.Raw}"))}}}";

        public IEnumerable<Record> Smaller() =>
            Enumerable.Range(0, Fields.Count).Select(left => this with { Fields = [.. Fields.Where((_, place) => place != left)] });
    }
}
