using Sluice.Engine;
using Sluice.Server.Control;
using Sluice.Server.Secrets;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Pipelines;

/// <summary>
/// The pipeline that the server serves: the file, which is read again when it has changed; or, where there is none, what was set in the browser,
/// which the control database keeps as the text of such a file.
/// </summary>
internal sealed class PipelineStore(ServerOptions options, ControlDatabase control, SecretStore secrets) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private (string Mark, ServedPipeline Pipeline)? _last;

    private string FilePath => Path.Combine(options.Folder, options.PipelineFile);

    public void Dispose() => _gate.Dispose();

    /// <summary>The pipeline as it is now, with its mistakes; variables may be missing.</summary>
    public async Task<ServedPipeline> ReadAsync(CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            var mark = await MarkAsync(cancel);
            if (_last is not { } last || last.Mark != mark)
            {
                var file = await ReadAsync(mayBeUnset: true, [], PipelineSection.Syncs, cancel);
                _last = last = (mark, new ServedPipeline(file, Origin(mark)));
            }

            return last.Pipeline;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The pipeline with all variables that one sync, push or pair of tables needs; what is missing is among its mistakes.</summary>
    public Task<PipelineFile> ReadForAsync(string name, PipelineSection section, CancellationToken cancel) =>
        ReadAsync(mayBeUnset: false, [name], section, cancel);

    /// <summary>A sync with all variables that it needs.</summary>
    /// <exception cref="SluiceException">The pipeline has mistakes there, or no such sync (kind Config).</exception>
    public async Task<PipelineSync> RequireSyncAsync(string name, CancellationToken cancel)
    {
        var file = await ReadGoodAsync(name, PipelineSection.Syncs, cancel);
        return file.Syncs.FirstOrDefault(sync => sync.Name == name) ?? throw Gone("sync", name, file.SyncNames);
    }

    /// <summary>A push with all variables that it needs.</summary>
    /// <exception cref="SluiceException">The pipeline has mistakes there, or no such push (kind Config).</exception>
    public async Task<PipelinePush> RequirePushAsync(string name, CancellationToken cancel)
    {
        var file = await ReadGoodAsync(name, PipelineSection.Pushes, cancel);
        return file.Pushes.FirstOrDefault(push => push.Name == name) ?? throw Gone("push", name, file.PushNames);
    }

    private static SluiceException Gone(string kind, string name, IReadOnlyList<string> others) => new(
        SluiceErrorKind.Config,
        $"There is no {kind} '{name}' any more.",
        others.Count == 0 ? null : $"There are {string.Join(", ", others)}.");

    private async Task<PipelineFile> ReadGoodAsync(string name, PipelineSection section, CancellationToken cancel)
    {
        var file = await ReadForAsync(name, section, cancel);
        return file.ValidationErrors is [var first, ..] ? throw new SluiceException(SluiceErrorKind.Config, first.ToString(), first.Fix) : file;
    }

    private async Task<PipelineFile> ReadAsync(
        bool mayBeUnset, IReadOnlyCollection<string> chosen, PipelineSection section, CancellationToken cancel)
    {
        if (File.Exists(FilePath))
        {
            return Reader(options.Variables, mayBeUnset).ReadFile(FilePath, options.PipelineFile, chosen, section);
        }

        var variables = VariablesOfStored(await secrets.ReadAsync(cancel));
        return Reader(variables, mayBeUnset).Read(options.PipelineFile, await StoredAsync(cancel) ?? Empty, chosen, section);
    }

    private PipelineReader Reader(Func<string, string?> variables, bool mayBeUnset) =>
        new(PipelineSurroundings.Of(variables, options.Origins, options.WorkFolder, mayBeUnset) with { LooksAtChosenAlone = true });

    // What is set in the browser counts before the environment, whose variables for the server itself a page can't get at.
    private Func<string, string?> VariablesOfStored(IReadOnlyDictionary<string, string> values) =>
        name => values.GetValueOrDefault(name) ?? (ServerVariables.AreKeptFrom(name) ? null : options.Variables(name));

    // A file without syncs is none that was forgotten: nobody has set anything yet.
    private const string Empty = "version: 1\nsyncs: {}\n";

    private async Task<string> MarkAsync(CancellationToken cancel)
    {
        var file = new FileInfo(FilePath);
        if (file.Exists)
        {
            return FormattableString.Invariant($"file {file.LastWriteTimeUtc.Ticks} {file.Length}");
        }

        var version = await control.FindAsync<long?>("SELECT max(version) FROM pipelines", null, cancel);
        return FormattableString.Invariant($"stored {version} {await secrets.MarkAsync(cancel)}");
    }

    private string? Origin(string mark) => mark.StartsWith("file", StringComparison.Ordinal) ? FilePath : null;

    private Task<string?> StoredAsync(CancellationToken cancel) =>
        control.FindAsync<string>("SELECT content FROM pipelines ORDER BY version DESC LIMIT 1", null, cancel);
}

/// <summary>A pipeline and where it is from.</summary>
/// <param name="File">The pipeline, as far as it could be read.</param>
/// <param name="Path">The path of its file; null when it was set in the browser.</param>
internal sealed record ServedPipeline(PipelineFile File, string? Path);
