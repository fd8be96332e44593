using Sluice.Engine;
using Sluice.Engine.Audit;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Runs;
using Sluice.Engine.State;

namespace Sluice.Cli.Commands;

/// <summary>Which tables an audit compares, and which loaded ones it leaves out, with the reason.</summary>
internal sealed class AuditSelection
{
    private readonly IReadOnlyList<(string Source, string? Table)> _tables;

    private AuditSelection(IReadOnlyList<(string Source, string? Table)> tables, IReadOnlyList<string> leftOut) =>
        (_tables, LeftOut) = (tables, leftOut);

    /// <summary>What is left out, a sentence each.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>The tables as they are asked for, with commas between.</summary>
    public string Sources => _tables.Count > 0
        ? string.Join(',', _tables.Select(table => table.Source).Distinct(StringComparer.Ordinal))
        : throw new SluiceException(
            SluiceErrorKind.Config, "There is nothing to audit.", "Name a table, as in 'sluice audit crm.duckdb campaigns', or ingest one first.");

    /// <summary>The tables that were named.</summary>
    public static AuditSelection Of(string named)
    {
        var (tables, leftOut) = (new List<(string, string?)>(), new List<string>());
        foreach (var source in named.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (ResourceCatalog.Default.Find(source.Split(':')[0]) is { } resource && AuditRun.WhyNotAudited(resource) is { } objection)
            {
                leftOut.Add(Sentence(source, objection));
            }
            else
            {
                tables.Add((source, null));
            }
        }

        return new AuditSelection(tables, leftOut);
    }

    /// <summary>Everything that was ever loaded into a schema.</summary>
    public static async Task<AuditSelection> OfAllAsync(ISystemTables books, CancellationToken cancel)
    {
        var states = (await books.ReadStatesAsync(cancel)).ToDictionary(state => state.Table, StringComparer.Ordinal);
        var (tables, leftOut) = (new List<(string, string?)>(), new List<string>());
        foreach (var loaded in await books.ReadLoadedAsync(cancel))
        {
            // The state is more exact: ledgers of earlier versions have no options.
            var state = states.GetValueOrDefault(loaded.Table);
            var question = state?.Source ?? loaded.Source;
            var plain = Plain(question);
            if (WhyLeftOut(loaded, state, question, plain) is { } why)
            {
                leftOut.Add(Sentence(NameOf(loaded, plain), why));
            }
            else
            {
                tables.Add((plain, loaded.Table));
            }
        }

        return new AuditSelection(tables, leftOut);
    }

    /// <summary>Says what is left out.</summary>
    public void Tell(CommandRun run)
    {
        foreach (var one in LeftOut)
        {
            run.Messages.Info(one);
        }
    }

    /// <summary>Gives each table the name that it has in the destination.</summary>
    public IngestRequest Apply(IngestRequest request)
    {
        var jobs = request.Tables.ToDictionary(job => job.Source.ToString(), StringComparer.Ordinal);
        return _tables.All(table => table.Table is not null && jobs.ContainsKey(table.Source))
            ? request with { Tables = [.. _tables.Select(table => jobs[table.Source] with { Table = table.Table! })] }
            : request;
    }

    private static string? WhyLeftOut(LoadedTable loaded, TableState? state, string question, string plain)
    {
        if (!loaded.IsThere)
        {
            return "the table is not there any more";
        }

        if (question.StartsWith(LedgerLine.OfObservations, StringComparison.Ordinal))
        {
            return "it holds what runs have observed, which Customer.io does not keep";
        }

        if (!TableName.TryParse(plain, ResourceCatalog.Default, out var name, out _))
        {
            return $"{plain} is no table of Customer.io that is known here";
        }

        var resource = ResourceCatalog.Default.Find(name.Resource)!;
        return AuditRun.WhyNotAudited(resource)
            ?? (question != plain ? $"it holds a part of {plain}, as it was asked for: {question}" : null)
            ?? (state is not null && WorkspaceMarks.IsCombined(state) ? "it holds several workspaces, and an audit reads one" : null)
            ?? (resource.Reading == ReadingKind.Export ? "that takes another export: name the table to have it compared" : null);
    }

    // Options, conditions and slices stand behind the name.
    private static string Plain(string question) => question.Split(" where ")[0].Split('?', '#')[0];

    private static string NameOf(LoadedTable loaded, string plain) =>
        plain.Replace(':', '_') == loaded.Table ? plain : loaded.Table;

    private static string Sentence(string table, string why) => $"{table} is not audited: {why}.";
}
