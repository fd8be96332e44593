using Sluice.Engine;
using Sluice.Server.Control;
using Sluice.Server.Gate;
using Sluice.Server.Secrets;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Pipelines;

/// <summary>Keeps the pipeline that is set in the browser, each version of it; what has mistakes, or a key in it, is not kept.</summary>
internal sealed class StoredPipelines(ServerOptions options, ControlDatabase control, SecretStore secrets, BrowserFiles files, TimeProvider time)
{
    /// <summary>The text of the last version, or null.</summary>
    public Task<string?> ReadAsync(CancellationToken cancel) =>
        control.FindAsync<string>("SELECT content FROM pipelines ORDER BY version DESC LIMIT 1", null, cancel);

    /// <summary>Whether there is a pipeline: a file, or what somebody has set in the browser.</summary>
    public async Task<bool> IsSetUpAsync(ServedPipeline served, CancellationToken cancel) =>
        served.Path is not null || await ReadAsync(cancel) is not null;

    /// <summary>What is wrong with a text, as a file of its own; a key in it counts as wrong, for the browser would show it.</summary>
    public async Task<IReadOnlyList<PipelineError>> CheckAsync(string content, CancellationToken cancel)
    {
        var values = await secrets.ReadAsync(cancel);
        var surroundings = PipelineSurroundings.Of(name => values.GetValueOrDefault(name), options.Origins, options.WorkFolder, mayBeUnset: true);
        var file = new PipelineReader(surroundings).Read(options.PipelineFile, content);
        var secret = file.Warnings.Where(warning => warning.IsOfSecret);
        return [.. file.ValidationErrors, .. secret, .. Files(file).Select(Refused).OfType<PipelineError>()];
    }

    // What a run would write, and what a push would read.
    private IEnumerable<string> Files(PipelineFile file) =>
    [
        .. file.Syncs.Select(sync => sync.Destination.Uri).OfType<string>(),
        .. file.Pushes.Select(push => push.From?.Uri).OfType<string>(),
        .. file.Pushes.Select(push => push.File).OfType<string>().Select(path => $"duckdb:///{Path.GetFullPath(path, options.Folder)}"),
    ];

    private PipelineError? Refused(string address)
    {
        try
        {
            files.Check(address);
            return null;
        }
        catch (SluiceException error) when (error.Kind == SluiceErrorKind.Config)
        {
            return new PipelineError(options.PipelineFile, 1, 1, error.Message, error.Hint);
        }
    }

    /// <summary>Keeps a text as the newest version.</summary>
    /// <exception cref="SluiceException">There is a pipeline file, which counts instead (kind Config).</exception>
    public async Task KeepAsync(string content, string by, CancellationToken cancel)
    {
        if (File.Exists(Path.Combine(options.Folder, options.PipelineFile)))
        {
            throw new SluiceException(
                SluiceErrorKind.Config, $"The pipeline is in {options.PipelineFile}, which counts instead of what is set here.", "Change it there.");
        }

        await control.ExecuteAsync(
            """
            INSERT INTO pipelines (version, content, changed_at, changed_by)
            SELECT coalesce(max(version), 0) + 1, @Content, @At, @By FROM pipelines
            """,
            new { Content = content, At = ControlTime.Of(time.GetUtcNow()), By = by },
            cancel);
    }
}
