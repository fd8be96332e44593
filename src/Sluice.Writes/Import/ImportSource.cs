using System.Globalization;
using System.Runtime.CompilerServices;
using DuckDB.NET.Data;
using Sluice.Engine;
using Sluice.Engine.DuckDb;

namespace Sluice.Writes.Import;

/// <summary>The rows to be imported, in the order of the files, read by DuckDB as often as needed.</summary>
internal sealed class ImportSource : IAsyncDisposable
{
    private readonly InterruptibleConnection _connection;
    private readonly string _scratch;
    private readonly List<BadLine> _oddLines = [];
    private string? _copy;
    private string? _kept;

    private ImportSource(InterruptibleConnection connection, string scratch, string? copy, IReadOnlyList<SourceFile> files) =>
        (_connection, _scratch, _copy, Files) = (connection, scratch, copy, files);

    public IReadOnlyList<SourceFile> Files { get; private set; }

    /// <summary>The hash of all that is in the files, whatever they are called; empty before the survey.</summary>
    public string Fingerprint { get; private set; } = "";

    public required IReadOnlyList<SourceColumn> Columns { get; init; }

    /// <summary>
    /// Opens a file, a pattern of files, a query or, for <c>-</c>, what comes by standard input; of what can be read but once a copy is kept until
    /// the end.
    /// </summary>
    /// <exception cref="SluiceException">There is no file, or it can't be read (kind Config).</exception>
    public static async Task<ImportSource> OpenAsync(ImportSettings settings, string scratchFolder, CancellationToken cancel)
    {
        Directory.CreateDirectory(scratchFolder);
        InputCopy.RemoveLeftBehind(scratchFolder);
        var scratch = Path.GetFullPath(Path.Combine(scratchFolder, $"{InputCopy.Scratch}{Environment.ProcessId}-{Guid.NewGuid():N}"));
        if (settings.Query is not { } query)
        {
            var copy = settings.Source == "-" ? await InputCopy.CopyAsync(settings.Input(), scratch, cancel)
                : SourceFile.OpenPipe(settings.Source, settings.Folder) is { } pipe ? await InputCopy.CopyAsync(pipe, scratch, cancel)
                : null;
            return await OpenAsync(() => copy is null ? SourceFile.Expand(settings.Source, settings.Folder) : [copy], scratch, copy, cancel);
        }

        var kept = Path.GetFullPath(Path.Combine(scratchFolder, settings.SpoolName));
        if (File.Exists(kept))
        {
            return await OpenAsync(() => [kept], scratch, null, cancel);
        }

        var spool = scratch + ".jsonl";
        try
        {
            var names = await QuerySpool.WriteAsync(query, spool, cancel);
            var source = await OpenAsync(() => [spool], scratch, spool, cancel, names);
            source._kept = kept;
            return source;
        }
        catch
        {
            File.Delete(spool);
            throw;
        }
    }

    private static async Task<ImportSource> OpenAsync(
        Func<IReadOnlyList<string>> paths, string scratch, string? copy, CancellationToken cancel, IReadOnlyList<string>? names = null)
    {
        InterruptibleConnection? connection = null;
        try
        {
            connection = await DuckDbSettings.OpenAsync(scratch + ".duckdb", cancel);

            // Nothing but the query itself tells the columns when it gives no rows.
            var isEmpty = names is not null && new FileInfo(copy!).Length == 0;
            var files = isEmpty ? [new SourceFile(copy!, SourceFormat.JsonLines, ',')] : paths().Select(SourceFile.Open).ToList();
            var columns = isEmpty
                ? [.. names!.Select(SourceColumn.OfJson)]
                : await ColumnsAsync(connection, files[0], cancel);
            return new ImportSource(connection, scratch, copy, files) { Columns = columns };
        }
        catch
        {
            await (connection?.DisposeAsync() ?? default);
            Remove(scratch, copy);
            throw;
        }
    }

    /// <summary>Keeps the rows of a query for the import to go on with when this process is killed.</summary>
    public void Keep()
    {
        if (_kept is not null && _copy is not null)
        {
            File.Move(_copy, _kept);
            Files = [Files[0] with { Path = _kept }];
            _copy = null;
        }
    }

    /// <summary>Reads all rows with the values of some columns.</summary>
    /// <param name="columns">The columns, each with how its text becomes JSON.</param>
    /// <param name="row">Takes each row in turn, and the lines that were passed.</param>
    /// <param name="badLines">The lines of each file that DuckDB can't read.</param>
    /// <param name="cancel">Stops reading.</param>
    public async IAsyncEnumerable<SourceRow> ReadAsync(
        IReadOnlyList<SourceColumn> columns, SourceRow row, IReadOnlyList<BadLine> badLines, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var index = 0; index < Files.Count; index++)
        {
            row.Begin(Files[index], index, badLines.Where(bad => bad.File == index), _oddLines.Where(odd => odd.File == index));
            await using var command = _connection.CreateCommand();
            command.CommandText = SelectSql(Files[index], columns, withType: true);
            await using var reader = await OpenAsync(command, Files[index], cancel);
            while (await NextAsync(reader, Files[index], cancel))
            {
                row.Take(reader);
                yield return row;
            }

            row.End();
        }
    }

    /// <summary>Goes through CSV once to find the lines that can't be read, how many rows there are, and columns of numbers only.</summary>
    public async Task<SourceSurvey> SurveyAsync(CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var hashing = Task.Run(() => SourceFile.HashAllAsync(Files, stop.Token), CancellationToken.None);
        try
        {
            var survey = await LookAsync(cancel);
            Fingerprint = await hashing;
            return survey;
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)hashing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<SourceSurvey> LookAsync(CancellationToken cancel)
    {
        var (rows, badLines) = (0L, new List<BadLine>());
        var kinds = Columns.ToDictionary(column => column.Name, column => column.Kind, StringComparer.Ordinal);
        for (var index = 0; index < Files.Count; index++)
        {
            var counts = await CountAsync(Files[index], cancel);
            rows += counts[0];
            foreach (var (column, place) in Columns.Select((column, place) => (column, place)).Where(_ => Files[index].IsCsv))
            {
                var kind = Kinds.Of(counts[(3 * place) + 1], counts[(3 * place) + 2], counts[(3 * place) + 3]);
                kinds[column.Name] = Kinds.Join(kinds[column.Name], kind);
            }

            badLines.AddRange(await BadLinesAsync(index, cancel));
            _oddLines.AddRange(await OddLines.ReadAsync(_connection, Files[index], index, cancel));
        }

        // A column without any value is text.
        return new SourceSurvey(
            rows, badLines, [.. Columns.Select(one => one with { Kind = kinds[one.Name] == ValueKind.Nothing ? ValueKind.Text : kinds[one.Name] })]);
    }

    /// <summary>The values of a second identifier that rows of different people have in common, as of two ids with the same e-mail address.</summary>
    public async Task<IReadOnlySet<string>> ClashesAsync(ImportMapping mapping, CancellationToken cancel)
    {
        if (mapping.SecondIdentifier is not { } second)
        {
            return new HashSet<string>();
        }

        var columns = new[] { second.Column, mapping.Identifier }.Select(column => mapping.Columns[column] with { Kind = ValueKind.Text }).ToList();
        var rows = string.Join(" UNION ALL ", Files.Select(file => SelectSql(file, columns)));
        var (of, by) = (Lower("second", second.Attribute), Lower("first", mapping.IdentifierKind));
        var pairs = $"FROM (SELECT {of} AS value, hash({by}) AS person FROM ({rows}) AS rows(second, first) WHERE second <> '' AND first <> '')";

        // Hashes take a third of the memory and half of the time of values, of which there are none as a rule.
        await _connection.RunAsync(
            $"CREATE OR REPLACE TEMP TABLE clashing AS SELECT hash(value) AS value {pairs} GROUP BY ALL HAVING min(person) <> max(person)", cancel);
        return await _connection.ScalarAsync("SELECT count(*) FROM clashing", cancel) == 0 ? new HashSet<string>() : (await _connection.ListAsync(
            $"SELECT value {pairs} WHERE hash(value) IN (SELECT value FROM clashing) GROUP BY ALL HAVING min(person) <> max(person)",
            row => row.GetString(0),
            cancel)).ToHashSet(StringComparer.Ordinal);

        static string Lower(string text, string kind) => kind == "email" ? $"lower({text})" : text;
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        Remove(_scratch, _copy);
    }

    private static void Remove(string scratch, string? copy)
    {
        File.Delete(scratch + ".duckdb");
        File.Delete(scratch + ".duckdb.wal");
        if (copy is not null)
        {
            File.Delete(copy);
        }
    }

    private static async Task<IReadOnlyList<SourceColumn>> ColumnsAsync(DuckDBConnection connection, SourceFile file, CancellationToken cancel)
    {
        try
        {
            if (file.IsJson)
            {
                var names = await connection.ListAsync(
                    $"SELECT name FROM (SELECT unnest(json_keys(json)) AS name FROM {file.Sql()} WHERE json_type(json) = 'OBJECT') GROUP BY name "
                        + "ORDER BY name",
                    row => row.GetString(0),
                    cancel);
                return names.Count == 0 ? throw OddLines.NoObject(file) : [.. names.Select(SourceColumn.OfJson)];
            }

            return await connection.ListAsync(
                $"DESCRIBE SELECT * FROM {file.Sql()}", row => SourceColumn.OfType(row.GetString(0), row.GetString(1), file.IsCsv), cancel);
        }
        catch (DuckDBException error)
        {
            throw Unreadable(file, error);
        }
    }

    // Of JSON all members are taken at once: for each one by itself DuckDB would parse the row anew, and keep all of that until 2,048 rows are done.
    private static string SelectSql(SourceFile file, IReadOnlyList<SourceColumn> columns, bool withType = false)
    {
        if (!file.IsJson)
        {
            return $"SELECT {string.Join(", ", columns.Select(column => column.Sql()))} FROM {file.Sql()}";
        }

        var texts = columns.Select((column, place) => column.TextOf($"members[{place + 1}]"));
        var members = $"json_extract(json, [{string.Join(", ", columns.Select(column => column.Pointer))}])";
        var type = withType ? ", type" : "";
        return $"SELECT {string.Join(", ", texts)}{type} FROM (SELECT {members} AS members, json_type(json) AS type FROM {file.Sql()})";
    }

    private async Task<IReadOnlyList<long>> CountAsync(SourceFile file, CancellationToken cancel)
    {
        await using var command = _connection.CreateCommand();
        await _connection.RunAsync("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans", cancel);
        var counts = string.Concat(Columns.Where(_ => file.IsCsv).Select(column => $", {Kinds.CountSql(DuckDBIdentifier.Quote(column.Name))}"));
        command.CommandText = $"SELECT count(*){counts} FROM {file.Sql("store_rejects = true")}";
        await using var reader = await OpenAsync(command, file, cancel);
        await NextAsync(reader, file, cancel);
        var all = Enumerable.Range(0, reader.FieldCount).Select(reader.GetInt64).ToList();

        // DuckDB notes the lines that it can't read when the statement is at its end.
        reader.ReadToEnd();
        return all;
    }

    private async Task<IReadOnlyList<BadLine>> BadLinesAsync(int file, CancellationToken cancel) => !Files[file].IsCsv
        ? []
        : await _connection.ListAsync(
            "SELECT line, any_value(error_message) FROM reject_errors GROUP BY line ORDER BY line",
            row => new BadLine(file, Convert.ToInt64(row.GetValue(0), CultureInfo.InvariantCulture), FirstLine(row.GetString(1))),
            cancel);

    private static async Task<DuckDBDataReader> OpenAsync(InterruptibleCommand command, SourceFile file, CancellationToken cancel)
    {
        try
        {
            return (DuckDBDataReader)await command.ExecuteReaderAsync(cancel);
        }
        catch (DuckDBException error)
        {
            throw Unreadable(file, error);
        }
    }

    private static async Task<bool> NextAsync(DuckDBDataReader reader, SourceFile file, CancellationToken cancel)
    {
        try
        {
            return await reader.ReadAsync(cancel);
        }
        catch (DuckDBException error)
        {
            throw Unreadable(file, error);
        }
    }

    private static SluiceException Unreadable(SourceFile file, DuckDBException error) => new(
        SluiceErrorKind.Config,
        $"{Path.GetFileName(file.Path)} can't be read: {FirstLine(error.Message)}",
        FullDisk.IsReached(error) ? FullDisk.Hint
            : DuckDbErrors.IsOutOfMemory(error) ? MemoryBudget.OfProcess.Advice
            : "It must be CSV, TSV, JSON or Parquet in UTF-8 with the columns of the first file.",
        error);

    private static string FirstLine(string message) => message.Split('\n')[0];
}
