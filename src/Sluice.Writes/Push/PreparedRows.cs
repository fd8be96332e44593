using Sluice.Engine;
using Sluice.Writes.Import;

namespace Sluice.Writes.Push;

/// <summary>The rows of the source as they stand in the store.</summary>
/// <param name="Mapping">Which column becomes what.</param>
/// <param name="Files">The files that they came from, or the one that the rows of a query were kept in.</param>
/// <param name="Rows">How many were read.</param>
/// <param name="Doubts">What may be meant otherwise.</param>
/// <param name="Counts">What differs from what was pushed before.</param>
internal sealed record PreparedRows(
    ImportMapping Mapping, IReadOnlyList<SourceFile> Files, long Rows, IReadOnlyList<string> Doubts, PushCounts Counts)
{
    /// <summary>Reads the source into the store; the rejected rows are its caller's.</summary>
    /// <exception cref="SluiceException">The source can't be read, or the mapping is wrong (kind Config).</exception>
    public static async Task<(PreparedRows Rows, RejectFile Rejects)> ReadAsync(
        PushSettings settings, ImportTarget target, PushStore store, CancellationToken cancel)
    {
        await using var source = await ImportSource.OpenAsync(settings.Import, Path.Combine(settings.Import.WorkFolder, "writes"), cancel);
        var survey = await source.SurveyAsync(cancel);
        var mistakes = new ValidationErrors();
        var mapping = ImportMapping.Make(
            target.Operation, survey.Columns, settings.Import with { Identifier = PushRules.IdentifierOf(settings) }, mistakes);
        var key = mistakes.Any ? [] : PushRules.KeyColumns(mapping, settings, mistakes);
        CheckMembers(settings, mapping, mistakes);
        mistakes.ThrowIfAny();
        survey = survey with { Clashes = await source.ClashesAsync(mapping, cancel) };
        var rejects = new RejectFile(
            settings.IsDryRun ? null : settings.Import.RejectsPath, source.Files, settings.Import.Query?.Name, hasKeys: true);
        try
        {
            rejects.RequireOwn();
            var rows = new SourceRows(source, survey, mapping, key, settings);
            await rows.StoreAsync(store, rejects, cancel);
            var changes = new PushChanges(store, settings);
            await changes.RefuseDoublesAsync(rows.NameOfKey, rejects, cancel);
            var counts = await changes.CountAsync(cancel);
            return (new PreparedRows(mapping, source.Files, rows.Rows + survey.BadLines.Count, [.. rows.Doubts], counts), rejects);
        }
        catch
        {
            rejects.Dispose();
            throw;
        }
    }

    private static void CheckMembers(PushSettings settings, ImportMapping mapping, ValidationErrors mistakes)
    {
        if (!mistakes.Any && settings.ModeOrDefault == PushMode.Mirror && mapping.Operation.Name == "segment" && mapping.IdentifierKind != "id")
        {
            mistakes.Add(
                $"A mirror of a segment can't name people by {mapping.IdentifierKind}: Customer.io takes people out by id alone.",
                "Give the source a column id, or push with mode: upsert, which takes nobody out.");
        }
    }
}

/// <summary>All that the parts of a push work with.</summary>
internal sealed record PushWork(PushSettings Settings, CustomerIo.CustomerIoClient Client, TimeProvider Time, ImportTarget Target, PushStore Store)
{
    public required PreparedRows Rows { get; init; }

    public required RejectFile Rejects { get; init; }

    public ImportProgress Progress { get; } = new();

    public ReadBack ReadBack => new(Client, Rows.Mapping.Operation, Rows.Mapping.IdentifierKind, Target.RouteValues);

    public bool IsReadBack => Settings.Import.Verify != VerifyMode.None && ReadBack.CanRead(Target.Operation.Name);

    public PushChanges Changes => new(Store, Settings);

    public PendingBatches Pending => new(Store);

    public DifferenceReport Differences => new(Settings.Import, Rows.Files, Time, Progress);
}
