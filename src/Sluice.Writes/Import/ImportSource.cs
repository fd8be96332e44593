using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using DuckDB.NET.Data;
using Sluice.Engine;
using Sluice.Engine.DuckDb;

namespace Sluice.Writes.Import;

/// <summary>The rows to be imported, in the order of the files, read by DuckDB as often as needed.</summary>
internal sealed class ImportSource : IAsyncDisposable
{
    private const string Scratch = "read-";

    private readonly InterruptibleConnection _connection;
    private readonly string _scratch;
    private readonly string? _copy;

    private ImportSource(InterruptibleConnection connection, string scratch, string? copy, IReadOnlyList<SourceFile> files) =>
        (_connection, _scratch, _copy, Files) = (connection, scratch, copy, files);

    public IReadOnlyList<SourceFile> Files { get; }

    /// <summary>The hash of all that is in the files, whatever they are called.</summary>
    public required string Fingerprint { get; init; }

    public required IReadOnlyList<SourceColumn> Columns { get; init; }

    /// <summary>Opens a file, a pattern of files or, for <c>-</c>, what comes by standard input, of which a copy is kept until the end.</summary>
    /// <exception cref="SluiceException">There is no file, or it can't be read (kind Config).</exception>
    public static async Task<ImportSource> OpenAsync(string named, string folder, string scratchFolder, Func<Stream> input, CancellationToken cancel)
    {
        Directory.CreateDirectory(scratchFolder);
        RemoveLeftBehind(scratchFolder);
        var scratch = Path.GetFullPath(Path.Combine(scratchFolder, $"{Scratch}{Environment.ProcessId}-{Guid.NewGuid():N}"));
        var copy = named == "-" ? await InputCopy.CopyAsync(input(), scratch, cancel)
            : SourceFile.OpenPipe(named, folder) is { } pipe ? await InputCopy.CopyAsync(pipe, scratch, cancel)
            : null;
        var connection = await DuckDbSettings.OpenAsync(scratch + ".duckdb", cancel);
        try
        {
            var files = (copy is null ? SourceFile.Expand(named, folder) : [copy]).Select(SourceFile.Open).ToList();
            var hashes = new List<string>();
            foreach (var file in files)
            {
                hashes.Add(await file.HashAsync(cancel));
            }

            var columns = await ColumnsAsync(connection, files[0], cancel);
            return new ImportSource(connection, scratch, copy, files) { Fingerprint = string.Join(',', hashes), Columns = columns };
        }
        catch
        {
            await connection.DisposeAsync();
            Remove(scratch, copy);
            throw;
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
            row.Begin(Files[index], index, badLines.Where(bad => bad.File == index));
            await using var command = _connection.CreateCommand();
            command.CommandText = $"SELECT {Selected(Files[index], columns)} FROM {Files[index].Sql()}";
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
        }

        // A column without any value is text.
        return new SourceSurvey(
            rows, badLines, [.. Columns.Select(one => one with { Kind = kinds[one.Name] == ValueKind.Nothing ? ValueKind.Text : kinds[one.Name] })]);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        Remove(_scratch, _copy);
    }

    // What a killed process has left of its input is personal data.
    private static void RemoveLeftBehind(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, Scratch + "*"))
        {
            if (int.TryParse(Path.GetFileName(file)[Scratch.Length..].Split('-')[0], CultureInfo.InvariantCulture, out var owner) && !IsAlive(owner))
            {
                File.Delete(file);
            }
        }
    }

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
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
                return [.. names.Select(name => new SourceColumn(name, ValueKind.Json))];
            }

            return await connection.ListAsync(
                $"DESCRIBE SELECT * FROM {file.Sql()}", row => SourceColumn.OfType(row.GetString(0), row.GetString(1), file.IsCsv), cancel);
        }
        catch (DuckDBException error)
        {
            throw Unreadable(file, error);
        }
    }

    private static string Selected(SourceFile file, IReadOnlyList<SourceColumn> columns) =>
        string.Join(", ", columns.Select(column => column.Sql(file.IsJson)));

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
        "It must be CSV, TSV, JSON or Parquet in UTF-8 with the columns of the first file.",
        error);

    private static string FirstLine(string message) => message.Split('\n')[0];
}

/// <summary>What going through the source once has shown.</summary>
/// <param name="Rows">Rows that can be read.</param>
/// <param name="BadLines">Lines that can't.</param>
/// <param name="Columns">The columns with the kinds that all of their values have.</param>
internal sealed record SourceSurvey(long Rows, IReadOnlyList<BadLine> BadLines, IReadOnlyList<SourceColumn> Columns);

/// <summary>A line that can't be read.</summary>
internal sealed record BadLine(int File, long Line, string Reason);

/// <summary>Keeps what comes by standard input or by a pipe, because it is read more than once.</summary>
internal static class InputCopy
{
    public static async Task<string> CopyAsync(Stream input, string scratch, CancellationToken cancel)
    {
        var head = new byte[4];
        var length = await input.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancel);
        var path = scratch + head switch
        {
            [0x1f, 0x8b, ..] => ".gz",
            [0x28, 0xb5, 0x2f, 0xfd] => ".zst",
            _ => "",
        };
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var file = new FileStream(path, options);
        await file.WriteAsync(head.AsMemory(0, length), cancel);
        await input.CopyToAsync(file, cancel);
        return path;
    }
}
