using Sluice.CustomerIo.Errors;

namespace Sluice.CustomerIo.Http;

/// <summary>
/// Tells while a request is on its way for long, whether its answer does not come or attempts fail; waiting for the budget does not count.
/// </summary>
internal sealed class AnswerTimer(Call call, Action<OverdueAnswer> tell, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    private ITimer? _timer;
    private long _started;
    private Failure? _last;

    /// <summary>The first attempt leaves; later ones change nothing.</summary>
    public void Begin()
    {
        if (_timer is null)
        {
            _started = time.GetTimestamp();
            _timer = time.CreateTimer(_ => Tell(), null, First, Every);
        }
    }

    public void Failed(Failure failure) => Volatile.Write(ref _last, failure);

    public void Dispose() => _timer?.Dispose();

    private void Tell() => tell(new OverdueAnswer
    {
        Endpoint = call.Endpoint,
        Server = call.Uri.Authority,
        Since = time.GetElapsedTime(_started),
        Attempt = call.Attempts,
        LastFailure = Volatile.Read(ref _last) is { } last ? last.Detail ?? last.What : null,
    });
}
