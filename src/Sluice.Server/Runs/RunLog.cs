using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Engine.Runs;

namespace Sluice.Server.Runs;

/// <summary>The log of a run: a file in the work folder, a line of JSON for each event, which only its owner can read.</summary>
internal sealed class RunLog : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StreamWriter _lines;
    private readonly TimeProvider _time;

    private RunLog(StreamWriter lines, TimeProvider time) => (_lines, _time) = (lines, time);

    /// <summary>The path of a run's log.</summary>
    public static string PathOf(string workFolder, string runId) => Path.Combine(workFolder, "runs", runId + ".log");

    /// <summary>Opens the log of a run, which goes on where a log of the same name ends.</summary>
    public static RunLog Open(string workFolder, string runId, TimeProvider time)
    {
        var path = PathOf(workFolder, runId);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new RunLog(new StreamWriter(path, new UTF8Encoding(false), options) { AutoFlush = true }, time);
    }

    /// <summary>Adds a line that tells of something usual.</summary>
    public void Info(string message) => Add("info", message, null);

    /// <summary>Adds a line that tells of something to look at.</summary>
    public void Warn(string message, string? hint = null) => Add("warning", message, hint);

    /// <summary>Adds a line that tells of a failure.</summary>
    public void Error(string message, string? hint = null) => Add("error", message, hint);

    /// <summary>Adds a line that tells where a run is.</summary>
    public void Tell(RunProgress progress)
    {
        var tables = progress.Tables;
        Info(string.Create(
            CultureInfo.InvariantCulture,
            $"{tables.Count(table => table.Stage == TableStage.Done)} of {tables.Count} tables done, "
                + $"{tables.Sum(table => table.Rows):N0} records read, {progress.Budget?.Granted ?? 0:N0} requests made."));
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _lines.Dispose();
        }
    }

    private void Add(string level, string message, string? hint)
    {
        var at = _time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var line = JsonSerializer.Serialize(new RunLogLine(at, level, message, hint), RunLogJson.Default.RunLogLine);
        lock (_gate)
        {
            _lines.WriteLine(line);
        }
    }
}

/// <summary>A line of a run's log.</summary>
/// <param name="At">When, in UTC.</param>
/// <param name="Level">info, warning or error.</param>
/// <param name="Message">What happened.</param>
/// <param name="Hint">What can be done about it.</param>
internal sealed record RunLogLine(string At, string Level, string Message, string? Hint);

[JsonSerializable(typeof(RunLogLine))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class RunLogJson : JsonSerializerContext;
