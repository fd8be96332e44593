using System.CommandLine;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Server.Runs;
using Sluice.Writes.Import;

namespace Sluice.Cli.Commands;

/// <summary>A query on a database as the source of an import.</summary>
internal sealed class ImportSourceOptions
{
    private readonly Option<string?> _from = Flag.Text(
        "--from",
        "ADDRESS",
        "The database that --query asks: duckdb://, postgresql://, mysql://, sqlite:// or clickhouse://, written as --dest-uri is");

    private readonly Option<string?> _query = Flag.Text("--query", "SQL", "Import the rows of a query in place of a file");

    public void AddTo(Command command)
    {
        command.Add(_from);
        command.Add(_query);
    }

    /// <summary>The query, or null when the source is a file.</summary>
    public QueryRows? Read(CommandRun run, string? file, ValidationErrors mistakes)
    {
        var sql = run.Flags.Text(_query);
        if (sql is null)
        {
            if (run.Flags.IsGiven(_from))
            {
                mistakes.Add(
                    "--from needs --query.", "sluice import --from duckdb:///crm.duckdb --query \"SELECT id, plan FROM accounts\" --into people");
            }

            return null;
        }

        if (file is not null)
        {
            mistakes.Add("A file and a query can't be imported together.", "Leave out one of them.");
        }

        if (run.Flags.Text(_from) is not { } address)
        {
            mistakes.Add("--query needs the address of a database.", "Name it with --from, or in SLUICE_FROM when there is a password in it.");
            return null;
        }

        if (run.Flags.IsGiven(_from))
        {
            DestinationOptions.WarnOfPassword(address, run, "SLUICE_FROM");
        }

        return PushJob.RowsOf(address, sql, "--from", DestinationRegistry.Identity, mistakes);
    }
}
