using Sluice.Engine.Load.Staging;
using Sluice.Engine.Masking;

namespace Sluice.Engine.Runs;

/// <summary>Keeps what is masked in a destination masked in the same way: a run that forgot a mask would write what was hidden in clear.</summary>
internal static class RememberedMasks
{
    /// <summary>What stands in place of a mask that was given up.</summary>
    public const string None = "none";

    private const int MostTables = 5;
    private const string SameSalt = ", with the salt of then in SLUICE_MASK_SALT";

    /// <summary>Refuses a request that does not mask what the destination has masked, or masks it otherwise.</summary>
    /// <exception cref="SluiceException">There is such a column, and nobody said that it is to be unmasked (kind Config).</exception>
    public static void Require(IngestRequest request, ColumnSnapshot columns)
    {
        var problems = request.Tables.SelectMany(job => Of(job, columns).Select(mask => (job.Place, mask, Why: Problem(job, mask, request))));
        var mistakes = new ValidationErrors();
        foreach (var same in problems.Where(one => one.Why is not null).GroupBy(one => (one.mask.Field, one.mask.Mask, one.Why)))
        {
            var (field, how) = (same.Key.Field, Word(same.Key.Mask!));
            var tables = same.Select(one => one.Place).Distinct(StringComparer.Ordinal).ToList();
            var places = string.Join(", ", tables.Take(MostTables)) + (tables.Count > MostTables ? $" and {tables.Count - MostTables} more" : "");
            mistakes.Add(
                $"{field} is masked by {how} in {places}, {same.Key.Why}.",
                $"Mask it as before: --mask {field}:{how}, in a pipeline file mask: {field}:{how}{(IsSalted(same.Key.Mask!) ? SameSalt : "")}. " +
                    $"To give that up, say --unmask {field}, in a pipeline file unmask: {field}.");
        }

        mistakes.ThrowIfAny();
    }

    /// <summary>What is masked in a job's table.</summary>
    public static IEnumerable<MappedColumn> Of(TableJob job, ColumnSnapshot columns) =>
        columns.Of(job).Where(column => column is { Field: not null, Mask: not null and not None });

    /// <summary>Where the masks of a job hold in its records, by the names that Customer.io has.</summary>
    public static MaskRules RulesOf(TableJob job, IngestRequest request) =>
        new(job.Settings.Masks, request.Catalog.Find(job.Source.Resource) ?? job.Resource);

    // What of the salt is known is a fingerprint, of which nobody can make anything.
    private static string? Problem(TableJob job, MappedColumn remembered, IngestRequest request)
    {
        var now = RulesOf(job, request).At(remembered.Field!) is { } mask ? job.Settings.Masks.Remembered(mask) : null;
        return now == remembered.Mask || job.Settings.Unmask.Contains(remembered.Field!, StringComparer.OrdinalIgnoreCase) ? null
            : now is null ? "and nothing masks it now"
            : Word(now) == Word(remembered.Mask!) ? "but now with another salt or none"
            : $"and now by {Word(now)}";
    }

    private static bool IsSalted(string mask) => mask.Contains(':', StringComparison.Ordinal);

    private static string Word(string mask) => mask.Split(':')[0];
}
