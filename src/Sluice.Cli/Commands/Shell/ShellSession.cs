using Sluice.Cli.Output.Results;
using Sluice.Engine;
using Sluice.Engine.DuckDb;
using Sluice.Sql;
using Sluice.Sql.Dml;
using Sluice.Sql.Text;

namespace Sluice.Cli.Commands;

/// <summary>Runs statements and the shell's own commands one after another, wherever they come from.</summary>
internal sealed class ShellSession
{
    private readonly CommandRun _run;
    private readonly QueryRunner _runner;
    private readonly StatementWriter _writer;
    private readonly DotCommands _commands;
    private SqlStatement? _last;
    private QueryReport? _lastReport;

    private ShellSession(
        CommandRun run, QueryRunner runner, StatementWriter writer, QuerySettings settings, IReadOnlyList<CompletionTable> tables)
    {
        (_run, _runner, _writer, Settings, Tables) = (run, runner, writer, settings, tables);
        _commands = new DotCommands(this);
    }

    /// <summary>What holds for statements from now on.</summary>
    public QuerySettings Settings { get; set; }

    /// <summary>The tables that can be queried, those of attached files, too.</summary>
    public IReadOnlyList<CompletionTable> Tables { get; }

    public TextWriter Out => _run.Host.Out;

    /// <summary>Asks whether a query may take that many requests; null when nobody can be asked.</summary>
    public Func<SluiceException, TimeSpan, CancellationToken, Task<bool>>? MayExceed { get; set; }

    /// <summary>The exit code of the last statement that came to its end: not all changes of one may have been made.</summary>
    public int Code { get; private set; }

    public static async Task<ShellSession> OpenAsync(CommandRun run, QueryRunner runner, StatementWriter writer, QuerySettings settings)
    {
        var attached = settings.Options.Attached.Keys.ToList();
        return new ShellSession(run, runner, writer, settings, attached.Count == 0
            ? SqlCompletion.LiveTables
            : [.. SqlCompletion.LiveTables, .. await TablesOfAsync(attached, runner, run.Cancel)]);
    }

    /// <summary>Runs a statement or a command of the shell; false when that was its end.</summary>
    /// <exception cref="SluiceException">It is wrong or failed.</exception>
    public async Task<bool> RunAsync(string text, CancellationToken cancel)
    {
        if (text.StartsWith('.'))
        {
            return await _commands.RunAsync(text, cancel);
        }

        foreach (var statement in SqlStatement.ParseAll(text, Settings.Parameters))
        {
            (_last, _lastReport) = (statement, null);
            if (StatementRunner.Takes(statement))
            {
                Code = await _writer.RunAsync(statement, Settings, cancel);
            }
            else
            {
                _lastReport = await AnswerAsync(statement, cancel);
            }
        }

        return true;
    }

    /// <summary>Writes what a statement costs; without one, what the last one has cost.</summary>
    public async Task PriceAsync(string sql, CancellationToken cancel)
    {
        var asked = SqlStatement.ParseAll(sql, Settings.Parameters);
        if (asked.Count == 0 && _lastReport is not null)
        {
            await _runner.WritePriceAsync(_lastReport, Settings);
        }
        else if ((asked is [var first, ..] ? first : _last) is { } statement)
        {
            await _runner.PriceAsync(statement, Settings, cancel);
        }
        else
        {
            throw new SluiceException(SluiceErrorKind.Config, "There was no query yet.", "For example: .cost SELECT * FROM messages");
        }
    }

    /// <summary>Writes the rows of a query that costs no request.</summary>
    public async Task WriteAsync(string sql, CancellationToken cancel)
    {
        await using var result = await _runner.RowsAsync(sql, cancel);
        await RowWriter.WriteAsync(result, Settings.Format, Out, cancel);
    }

    private async Task<QueryReport> AnswerAsync(SqlStatement statement, CancellationToken cancel)
    {
        try
        {
            return await _runner.AnswerAsync(statement, Settings, cancel);
        }
        catch (SluiceException error) when (error.NeededRequests is not null && MayExceed is not null)
        {
            if (!await MayExceed(error, _runner.TimeOf(error.NeededRequests.Value), cancel))
            {
                throw new OperationCanceledException("The query was not wanted at that price.", error);
            }

            await using var unlimited = _runner.WithoutLimit();
            return await unlimited.AnswerAsync(statement, Settings, cancel);
        }
    }

    private static async Task<IReadOnlyList<CompletionTable>> TablesOfAsync(List<string> attached, QueryRunner runner, CancellationToken cancel)
    {
        await using var result = await runner.RowsAsync(
            "SELECT concat_ws('.', database_name, schema_name, table_name), column_name FROM duckdb_columns() "
                + $"WHERE database_name IN ({string.Join(", ", attached.Select(DuckDBLiteral.Quote))}) ORDER BY table_oid, column_index",
            cancel);
        var columns = new List<(string Table, string Column)>();
        while (await result.ReadAsync(cancel))
        {
            columns.Add((result.Reader.GetString(0), result.Reader.GetString(1)));
        }

        return [.. columns.GroupBy(one => one.Table, StringComparer.Ordinal).Select(table =>
            new CompletionTable(table.Key, [.. table.Select(one => one.Column)]))];
    }
}
