using System.Globalization;
using System.Text;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract.Exports;

/// <summary>
/// Makes fields of a file's first line. Its words are not published: where a known field is missing, another spelling of it ("Created At") is
/// taken for it.
/// </summary>
internal static class CsvHeader
{
    /// <exception cref="InvalidDataException">The file is empty.</exception>
    public static async Task<IReadOnlyList<string>> ReadAsync(
        CsvReader file, Resource resource, IReadOnlyCollection<string> attributes, CancellationToken cancel)
    {
        if (!await file.ReadAsync(cancel))
        {
            throw new InvalidDataException("it has no line that names its columns");
        }

        return Of([.. Enumerable.Range(0, file.Count).Select(place => Encoding.UTF8.GetString(file.Field(place)))], resource, attributes);
    }

    internal static IReadOnlyList<string> Of(IReadOnlyList<string> written, Resource resource, IReadOnlyCollection<string> attributes)
    {
        var names = written.Select(name => name.Trim()).ToArray();
        foreach (var known in resource.Columns.SelectMany(column => column.Sources).Where(source => !names.Contains(source, StringComparer.Ordinal)))
        {
            var places = names
                .Index()
                .Where(name => Plain(name.Item) == known && !attributes.Contains(name.Item, StringComparer.Ordinal))
                .Select(name => name.Index)
                .ToList();
            if (places is [var only])
            {
                names[only] = known;
            }
        }

        return Distinct(names);
    }

    // Every column gets in, also without a name or with one that another has word for word.
    private static List<string> Distinct(string[] names)
    {
        var taken = names.ToHashSet(StringComparer.Ordinal);
        var fields = new List<string>();
        foreach (var (place, name) in names.Index())
        {
            var wanted = name.Length == 0 ? string.Create(CultureInfo.InvariantCulture, $"column_{place + 1}") : name;
            var field = wanted;
            for (var n = 2; fields.Contains(field, StringComparer.Ordinal) || (field != name && taken.Contains(field)); n++)
            {
                field = string.Create(CultureInfo.InvariantCulture, $"{wanted}_{n}");
            }

            fields.Add(field);
        }

        return fields;
    }

    private static string Plain(string name) => name.ToLowerInvariant().Replace(' ', '_').Replace('-', '_');
}
