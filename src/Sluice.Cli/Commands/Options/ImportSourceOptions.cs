using System.CommandLine;
using Sluice.Cli.Checks;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Writes.Import;

namespace Sluice.Cli.Commands;

/// <summary>A query on a database as the source of an import.</summary>
internal sealed class ImportSourceOptions
{
    private readonly Option<string?> _from = Flag.Text(
        "--from", "ADDRESS", "The database that --query asks: duckdb://, postgresql://, sqlite:// or clickhouse://, written as --dest-uri is");

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

        return Rows(address, sql, "--from", DestinationRegistry.Identity, mistakes);
    }

    /// <summary>The rows of a query, or null when the address names no database that is there.</summary>
    /// <param name="address">The address.</param>
    /// <param name="sql">The query.</param>
    /// <param name="from">What names the address, in messages.</param>
    /// <param name="nameOf">Gives what the rows are known by, without a password in it.</param>
    /// <param name="mistakes">Takes what is wrong.</param>
    public static QueryRows? Rows(string address, string sql, string from, Func<string, string> nameOf, ValidationErrors mistakes) =>
        mistakes.Collect<QueryRows?>(
            () => DestinationFile.OtherKind(address) is { } other ? throw other
                : DestinationFile.IsMissing(address) ? throw new SluiceException(
                    SluiceErrorKind.Config, DestinationFile.Missing(address), $"{from} names a database that is there.")
                : new QueryRows(nameOf(address), sql, (read, cancel) => DestinationRegistry.QueryAsync(address, sql, read, cancel)),
            null);
}
