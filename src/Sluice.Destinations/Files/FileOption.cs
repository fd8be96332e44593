using System.Globalization;
using Sluice.Destinations.Files.Formats;
using Sluice.Engine;

namespace Sluice.Destinations.Files;

/// <summary>
/// An option in the address of files: a new one is a line here, a property of <see cref="FileSettings"/> and what the writer makes of it.
/// </summary>
/// <param name="Name">Its name in the address.</param>
/// <param name="Values">What may be given, as the error says it.</param>
/// <param name="Set">Sets it; null when the text is none of the values.</param>
/// <param name="Only">The format that has it; null for all.</param>
internal sealed record FileOption(string Name, string Values, Func<FileSettings, string, FileSettings?> Set, FileFormat? Only = null)
{
    private const string OnOff = "true or false";

    /// <summary>The option of object stores, whose scheme does not say it.</summary>
    public const string Format = "format";

    /// <summary>The option that <c>--partition-by</c> adds.</summary>
    public const string PartitionBy = "partition_by";

    /// <summary>All options, in the order in which they are applied: what others depend on comes first.</summary>
    public static IReadOnlyList<FileOption> All { get; } =
    [
        new(Format, OneOf<FileFormat>(), (settings, text) => Word<FileFormat>(text) is { } format ? FileSettings.Of(format) : null),
        new(
            "compression",
            OneOf<Compression>(),
            (settings, text) => Word<Compression>(text) is { } word ? settings.Change(layout => layout with { Compression = word }) : null),
        new(
            "formula_guard",
            OnOff,
            (settings, text) => Switch(text) is { } isOn ? settings.Change(layout => layout with { FormulaGuard = isOn }) : null,
            FileFormat.Csv),
        new(
            "bom",
            OnOff,
            (settings, text) => Switch(text) is { } isOn ? settings.Change(layout => layout with { Bom = isOn }) : null,
            FileFormat.Csv),
        new(PartitionBy, "columns of times", (settings, text) => settings with { Partitions = Partition.ReadList(text) }),
        new(
            "row_group_rows",
            AtLeast(2048),
            (settings, text) => Whole(text, 2048, 10_000_000) is { } rows ? settings with { RowGroupRows = (int)rows } : null,
            FileFormat.Parquet),
        new("file_rows", AtLeast(1), (settings, text) => Whole(text, 1, long.MaxValue) is { } rows ? settings with { RowsInFile = rows } : null),
    ];

    /// <summary>Gives the settings with the option.</summary>
    /// <exception cref="SluiceException">The text is none of its values, or the format has no such option (kind Config).</exception>
    public FileSettings Apply(FileSettings settings, string text)
    {
        var changed =
            Set(settings, text) ?? throw new SluiceException(SluiceErrorKind.Config, $"The option {Name}={text} can't be.", $"Give {Values}.");
        return Only is not { } format || format == settings.Layout.Format || changed == settings
            ? changed
            : throw new SluiceException(
                SluiceErrorKind.Config, $"{Name} is an option of {Text(format)} files, not of {Text(settings.Layout.Format)}.", "Leave it out.");
    }

    private static string OneOf<T>()
        where T : struct, Enum => $"one of {string.Join(", ", Enum.GetValues<T>().Select(Text))}";

    private static string AtLeast(long least) => string.Create(CultureInfo.InvariantCulture, $"a whole number of at least {least}");

    private static string Text<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static T? Word<T>(string text)
        where T : struct, Enum =>
        Array.Find(Enum.GetNames<T>(), name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name ? Enum.Parse<T>(name) : null;

    private static bool? Switch(string text) => text switch
    {
        "1" => true,
        "0" => false,
        _ => bool.TryParse(text, out var isOn) ? isOn : null,
    };

    private static long? Whole(string text, long least, long most) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;
}
