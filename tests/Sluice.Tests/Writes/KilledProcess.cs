using Xunit;

namespace Sluice.Tests.Writes;

/// <summary>A process that ends at a request: nothing leaves any more, but what the server was asked for may have been done.</summary>
/// <param name="at">The number of the request.</param>
/// <param name="isDone">Whether the server does it.</param>
internal sealed class KilledProcess(int at, bool isDone) : IAsyncDisposable
{
    // What was under way when it ended is on the disk, or is not, after so long.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    private readonly TaskCompletionSource<HttpResponseMessage> _never = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _dead = Task.CompletedTask;

    /// <summary>Runs what sends requests; whether it was killed, and had not come to its end before.</summary>
    public async Task<bool> RunAsync(Func<HttpMessageHandler, Task> run)
    {
        var killed = new TaskCompletionSource();
        var handler = new SpoiltWrites(number =>
        {
            if (number < at)
            {
                return Spoil.Nothing;
            }

            killed.TrySetResult();
            return new Spoil { IsDone = number == at && isDone, Then = () => _never.Task };
        });
        _dead = run(handler);
        await await Task.WhenAny(killed.Task, _dead);
        await Task.Delay(Rest, TestContext.Current.CancellationToken);
        return !_dead.IsCompleted;
    }

    /// <summary>Lets go of what it holds, once nothing that it writes is looked at: this process lives on with its temporary files.</summary>
    public async ValueTask DisposeAsync()
    {
        _never.TrySetException(new InvalidOperationException("The process has ended."));
        await _dead.ContinueWith(
            dead => _ = dead.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Copies the journals that it has left, for another process to go on with.</summary>
    /// <param name="work">Its work folder.</param>
    /// <param name="to">That of the other process.</param>
    /// <param name="isHalf">Whether the kill has left half a line.</param>
    public static void CopyJournals(string work, string to, bool isHalf)
    {
        var folder = Directory.CreateDirectory(Path.Combine(to, "writes")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(work, "writes"), "*.ndjson"))
        {
            var copy = Path.Combine(folder, Path.GetFileName(file));
            File.Copy(file, copy, overwrite: true);
            if (isHalf)
            {
                File.AppendAllText(copy, """{"k":"done","ba""");
            }
        }
    }
}
