using System.Text.Json;
using Sluice.Engine;
using Sluice.Engine.Spool;

namespace Sluice.Writes.Journal;

/// <summary>
/// What is about to be sent and what became of it, on disk before a request leaves. While it is open no other process can go on with it. It holds
/// numbers of rows and Customer.io's words about them, no API keys, and of bodies only what a statement overwrites and could be written back.
/// </summary>
internal sealed class WriteJournal : IAsyncDisposable
{
    private readonly FileStream _file;
    private readonly TimeProvider _time;
    private readonly CommitQueue<JournalEntry> _queue;

    private WriteJournal(FileStream file, JournalState state, TimeProvider time)
    {
        (_file, State, _time) = (file, state, time);
        _queue = new CommitQueue<JournalEntry>(Commit, error => Unwritable(file.Name, error), _ => { });
        _queue.Start();
    }

    public JournalState State { get; }

    /// <summary>Goes on with a journal, or begins a new one.</summary>
    /// <exception cref="SluiceException">Another process has it open, or it can't be written.</exception>
    public static async Task<WriteJournal> OpenAsync(string path, JournalPlan plan, TimeProvider time)
    {
        try
        {
            var file = new FileStream(RegularFile.Require(path), Options());
            var state = JournalState.Read(path);
            file.SetLength(state?.Length ?? 0);
            file.Seek(0, SeekOrigin.End);
            var journal = new WriteJournal(file, state ?? new JournalState { Id = Path.GetFileNameWithoutExtension(path), Plan = plan }, time);
            if (state is null)
            {
                await journal.AppendAsync(new JournalEntry { Kind = JournalEntry.Plan, Intent = plan });
            }

            return journal;
        }
        catch (IOException error) when ((error.HResult & 0xFFFF) is 11 or 35 or 32)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                "Another process is at work on this import.",
                "Wait for its end, or stop it: this command then goes on.",
                error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, error);
        }
    }

    /// <summary>Makes a folder, as that of journals, for its owner's eyes only.</summary>
    /// <exception cref="SluiceException">The disk does not take it (kind Config).</exception>
    public static void MakeFolder(string path)
    {
        try
        {
            _ = OperatingSystem.IsWindows() ? Directory.CreateDirectory(path)
                : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, error);
        }
    }

    /// <summary>Adds a line that is on disk when this returns.</summary>
    /// <exception cref="SluiceException">The disk does not take it (kind Config).</exception>
    public Task AppendAsync(JournalEntry entry) => _queue.AddAndWaitAsync(entry with { At = _time.GetUtcNow() }, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _queue.DisposeAsync();
        try
        {
            await _file.DisposeAsync();
        }
        catch (IOException)
        {
            // What the disk does not take now it did not take before, and whoever waited for it was told.
        }
    }

    private void Commit(IReadOnlyList<JournalEntry> group)
    {
        foreach (var entry in group)
        {
            _file.Write(JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry));
            _file.WriteByte((byte)'\n');
        }

        _file.Flush(flushToDisk: true);
        lock (State)
        {
            foreach (var entry in group)
            {
                State.Apply(entry, _file.Length);
            }
        }
    }

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private static SluiceException Unwritable(string path, Exception error) => error as SluiceException ?? new(
        SluiceErrorKind.Config,
        $"The journal {path} can't be written: {error.Message}",
        "Nothing is sent that is not in it. Make room or set SLUICE_HOME to another folder, then run the same command again: it goes on.",
        error);
}
