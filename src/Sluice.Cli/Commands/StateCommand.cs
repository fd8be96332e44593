using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Runs;
using Sluice.Engine.State;
using Sluice.Settings;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice state</c>: how far tables have been read, and how to change that.</summary>
internal sealed class StateCommand
{
    private readonly Argument<string?> _table = new("TABLE") { Description = "A table [default: all]", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string?> _time = new("TIME")
    {
        Description = "A date or date-time, in UTC unless it says otherwise",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly DestinationArgument _destination = new();
    private readonly Option<bool> _json = Flag.Switch("--json", "Write JSON");

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand("state", "Show or change how far tables have been read, which is where the next run goes on", """
            For example: sluice state show crm.duckdb
                         sluice state reset crm.duckdb messages
                         sluice state set crm.duckdb messages 2024-01-01
            """);
        var show = Part("show", "Show how far the tables are", host, log, ShowAsync);
        show.Add(_json);
        command.Add(show);
        command.Add(Part("reset", "Forget how far a table is, or all tables: the next run reads everything again", host, log, ResetAsync));
        var set = Part("set", "Let the next run of a table go on from a time", host, log, SetAsync);
        set.Add(_time);
        command.Add(set);
        return command;
    }

    private Command Part(string name, string description, CommandHost host, LogOptions log, Func<CommandRun, ISystemTables, string?, Task<int>> work)
    {
        var part = new Command(name, description);
        _destination.AddTo(part);
        part.Add(_table);
        CommandRun.Action(part, host, log, run => OpenAsync(run, work));
        return part;
    }

    private async Task<int> OpenAsync(CommandRun run, Func<CommandRun, ISystemTables, string?, Task<int>> work)
    {
        var mistakes = new ValidationErrors();
        var chosen = _destination.Read(run, mistakes);
        mistakes.ThrowIfAny();
        await using var destination = await DestinationArgument.OpenAsync(chosen.Uri, run.Cancel);
        var books = destination.SystemTables(chosen.Schema);
        return await work(run, books, run.Flags.Argument(_table) is { } named ? await LoadedAsync(books, named, run.Cancel) : null);
    }

    // Tables are called as they are in the destination; another name that the catalog knows stands for the table's usual one.
    private static async Task<string> LoadedAsync(ISystemTables books, string named, CancellationToken cancel)
    {
        var plain = DestinationArgument.TableOf(named);
        var isThere = (await books.ReadStatesAsync(cancel)).Any(state => IsOf(state, plain))
            || (await books.ReadLoadedAsync(cancel)).Any(one => one.Table.Equals(plain, StringComparison.OrdinalIgnoreCase));
        return !isThere && TableName.TryParse(named, ResourceCatalog.Default, out var table, out _) ? table.TableIdentifier : plain;
    }

    private async Task<int> ShowAsync(CommandRun run, ISystemTables books, string? table)
    {
        var states = (await books.ReadStatesAsync(run.Cancel)).Where(state => table is null || IsOf(state, table)).ToList();
        if (table is not null && states.Count == 0)
        {
            throw NotRemembered(table);
        }

        await run.Host.Out.WriteAsync(StateView.Write(states, run.Flags.IsOn(_json), run.Host.Width));
        return ExitCode.Done;
    }

    private static async Task<int> ResetAsync(CommandRun run, ISystemTables books, string? table)
    {
        var forgotten = await books.ResetStateAsync(table, run.Cancel);
        if (table is not null && forgotten == 0)
        {
            throw NotRemembered(table);
        }

        run.HasChanged = true;
        await run.Host.Out.WriteLineAsync(
            $"{NumberFormat.Count(forgotten)} table{(forgotten == 1 ? "" : "s")} forgotten: the next run reads " +
                $"{(forgotten == 1 ? "it" : "them")} from the beginning. No row was changed."
        );
        return ExitCode.Done;
    }

    private async Task<int> SetAsync(CommandRun run, ISystemTables books, string? table)
    {
        var mistakes = new ValidationErrors();
        var until = IntervalText.Instant("TIME", run.Flags.Argument(_time), mistakes);
        if (table is null || until is null)
        {
            mistakes.Add("A table and a time are needed.", "sluice state set crm.duckdb messages 2024-01-01");
        }

        mistakes.ThrowIfAny();
        if ((await books.ReadStatesAsync(run.Cancel)).FirstOrDefault(state => IsOf(state, table!)) is not { } known)
        {
            return await MakeAsync(run, books, table!, until!.Value);
        }

        var changed = known with
        {
            Until = until!.Value,
            Parents = known.Parents.ToDictionary(
                parent => parent.Key, parent => TableState.IsBeginning(parent.Key) ? parent.Value : until.Value, StringComparer.Ordinal),
            RunId = null,
        };
        await books.WriteStateAsync(changed, run.Host.Time.GetUtcNow(), run.Cancel);
        run.HasChanged = true;
        await run.Host.Out.WriteLineAsync(
            $"{known.Table} was read until {NumberFormat.Time(known.Until)}, now {NumberFormat.Time(changed.Until)}: "
            + "the next run goes on from there, less its look-back.");
        return ExitCode.Done;
    }

    // A table that was read by an interval or a limit has rows and no mark.
    private static async Task<int> MakeAsync(CommandRun run, ISystemTables books, string table, DateTimeOffset until)
    {
        var loaded = (await books.ReadLoadedAsync(run.Cancel)).FirstOrDefault(one => one.Table.Equals(table, StringComparison.OrdinalIgnoreCase));
        if (loaded is not { IsThere: true })
        {
            throw ResourceCatalog.Default.Find(loaded?.Source ?? table) is null ? NotRemembered(table) : new SluiceException(
                SluiceErrorKind.Config,
                $"There is no table {table} yet, so that no run could go on with it.",
                $"Read a part of it first, with 'sluice ingest --source-table {table} --interval-start {until:yyyy-MM-dd}', and set the mark then.");
        }

        var resource = ResourceCatalog.Default.Find(loaded.Source);
        if (resource is { Parent: { } parent, Window: not null })
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"{loaded.Table} is read from a mark of its own for each of {parent.Resource}, and those only a run can make.",
                $"'sluice ingest --source-table {loaded.Source}' without an interval and a limit makes them.");
        }

        var made = new TableState { Table = loaded.Table, Source = loaded.Source, Until = until };
        await books.WriteStateAsync(made, run.Host.Time.GetUtcNow(), run.Cancel);
        run.HasChanged = true;
        await run.Host.Out.WriteLineAsync(
            $"{made.Table} had no mark, now it was read until {NumberFormat.Time(until)}: the next run goes on from there, less its look-back.");
        return ExitCode.Done;
    }

    private static bool IsOf(TableState state, string table) => state.Table.Equals(table, StringComparison.OrdinalIgnoreCase);

    private static SluiceException NotRemembered(string table) =>
        new(
            SluiceErrorKind.Config,
            $"Nothing is remembered of a table '{table}'.",
            "'sluice state show' lists what is; --dest-schema names another schema.");
}
