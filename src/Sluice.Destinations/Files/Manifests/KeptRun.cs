using System.Text.Json;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Files.Manifests;

/// <summary>One run, in a file of its own, as <c>_sluice_runs</c> has it elsewhere.</summary>
internal sealed record KeptRun(string RunId, DateTimeOffset StartedAt, DateTimeOffset EndedAt, int ExitCode, long Requests, JsonElement Report)
{
    /// <summary>The folder of a schema that runs are kept in.</summary>
    public const string Folder = "_sluice_runs";

    /// <summary>The file's name: in the order of names runs are in the order of time.</summary>
    public string FileName => $"{StartedAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'.'fffffff'Z'", System.Globalization.CultureInfo.InvariantCulture)}-{PathNames.Safe(RunId)}.json";

    public static KeptRun Of(RunRecord run) =>
        new(run.RunId, run.StartedAt, run.EndedAt, run.ExitCode, run.Requests, JsonDocument.Parse(run.Report).RootElement);

    public RunRecord Record() => new(RunId, StartedAt, EndedAt, ExitCode, Requests, Report.GetRawText());
}
