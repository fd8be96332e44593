using System.Text;
using Sluice.Engine;
using Sluice.Sql;
using Sluice.Sql.Text;

namespace Sluice.Cli.Output.Results;

/// <summary>A file that the rows of a query go to; it is there once all rows are in it.</summary>
internal sealed class OutputFile
{
    private static readonly Dictionary<string, string> Endings = new(StringComparer.OrdinalIgnoreCase)
    {
        [".csv"] = "csv",
        [".json"] = "json",
        [".jsonl"] = "jsonl",
        [".parquet"] = "parquet",
    };

    private readonly string _path;
    private readonly string _format;

    private OutputFile(string path, string format) => (_path, _format) = (path, format);

    /// <summary>Reads a file's name, or says what is wrong with it.</summary>
    public static OutputFile? Read(string path, ValidationErrors mistakes)
    {
        if (Endings.TryGetValue(Path.GetExtension(path), out var format))
        {
            return new OutputFile(path, format);
        }

        mistakes.Add($"-o can't tell from the name {Path.GetFileName(path)} what to write.", "The name ends with .csv, .json, .jsonl or .parquet.");
        return null;
    }

    /// <summary>Requires that one statement gives rows.</summary>
    public static void RequireOne(IReadOnlyList<SqlStatement> statements)
    {
        if (statements.Count(statement => statement is { Kind: StatementKind.Query, WriteVerb: null }) != 1)
        {
            throw new SluiceException(SluiceErrorKind.Config, "-o writes the rows of one query.", "Leave out the others, or run a command for each.");
        }
    }

    /// <summary>Writes all rows; gives their number.</summary>
    public async Task<long> WriteAsync(QueryResult result, CancellationToken cancel)
    {
        var partial = $"{_path}.partial";
        try
        {
            var rows = _format == "parquet"
                ? await result.WriteParquetAsync(partial, cancel)
                : await WriteTextAsync(result, partial, cancel);
            File.Move(partial, _path, overwrite: true);
            return rows;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SluiceException(SluiceErrorKind.Destination, $"{_path} can't be written: {error.Message}", inner: error);
        }
        finally
        {
            if (File.Exists(partial))
            {
                File.Delete(partial);
            }
        }
    }

    private async Task<long> WriteTextAsync(QueryResult result, string path, CancellationToken cancel)
    {
        await using var writer = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return await RowWriter.WriteAsync(result, _format, writer, cancel);
    }
}
