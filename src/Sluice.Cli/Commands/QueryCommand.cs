using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Cli.Output.Results;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Sql.Text;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice query</c>: SQL over the live API.</summary>
internal sealed class QueryCommand
{
    private readonly Argument<string?> _sql = new("SQL")
    {
        Description = "The query, or several with semicolons; - reads them from stdin",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _json = Flag.Switch("--json", "Write what EXPLAIN or --dry-run finds as JSON");
    private readonly WorkspaceOptions _workspace = new();
    private readonly QueryOptions _query = new();
    private readonly WriteOptions _write = new();

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand("query", "Answer SQL from the live API, and make changes by it, as if Customer.io were a database", """
            All of DuckDB's SELECT over the tables that 'sluice tables' lists, metrics as campaign_metrics_days. Conditions on keys, time and
            options, and keys that a join gives, are asked for; everything else is checked on the rows that come. EXPLAIN in front of a query
            shows its price for no request or a few; above --max-requests a query stops before it spends. What was fetched serves later
            queries for five minutes, from the folder query-cache in SLUICE_HOME (.sluice).
            INSERT, UPDATE, DELETE and MERGE change what 'sluice tables NAME' says can be changed, CALL calls a procedure of sluice_procedures:
            --dry-run shows each call first, and 'sluice writes' what was sent.
            Exit codes: 0 done, 2 the query is wrong or too expensive, 3 key refused, 4 not allowed, 5 Customer.io failed, 7 not all changes
            were made, 130 stopped.
            For example: sluice query "SELECT id, name FROM campaigns WHERE state = 'running'"
                         sluice query "EXPLAIN SELECT type, count(*) FROM messages WHERE created >= '2026-01-01' GROUP BY type"
                         sluice query 'SELECT * FROM campaign_actions WHERE campaign_id = $id' --param id=5 --format csv
                         sluice query "UPDATE snippets SET value = 'Hello' WHERE name = 'greeting'" --dry-run
            """);
        command.Add(_sql);
        _query.AddTo(command);
        _write.AddTo(command);
        _workspace.AddTo(command);
        command.Add(_json);
        CommandRun.Action(command, host, log, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(CommandRun run)
    {
        var mistakes = new ValidationErrors();
        var settings = _query.Read(run, mistakes);
        var write = _write.Read(run, mistakes);
        var source = _workspace.Read(run, mistakes);
        var script = await _query.ScriptAsync(run.Flags.Argument(_sql), run, mistakes);
        mistakes.ThrowIfAny();

        var statements = Statements(script!, settings);
        using var client = SourceOptions.Open(source!, run);
        var progress = new QueryProgressView(run.Messages, run.Host.Time, settings.ShowsProgress);
        await using var runner = QueryRunner.Open(run, client, source!, settings, progress);
        var writer = runner.Writer(source!, write);
        foreach (var statement in statements)
        {
            var code = await runner.RunAsync(statement, writer, settings with { IsJson = run.Flags.IsOn(_json) }, run.Cancel);
            if (code != ExitCode.Done)
            {
                return code;
            }
        }

        return ExitCode.Done;
    }

    private static IReadOnlyList<SqlStatement> Statements(string script, QuerySettings settings)
    {
        var statements = SqlStatement.ParseWhole(script, settings.Parameters);
        if (statements.Count == 0)
        {
            throw new SluiceException(SluiceErrorKind.Config, "There is no query.", "For example: sluice query \"SELECT id, name FROM campaigns\"");
        }

        if (settings.Output is not null)
        {
            OutputFile.RequireOne(statements);
        }

        return statements;
    }
}
