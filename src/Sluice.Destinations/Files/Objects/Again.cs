using Sluice.Engine;

namespace Sluice.Destinations.Files.Objects;

/// <summary>Tries again what fails for a moment.</summary>
internal static class Again
{
    private const int MostAttempts = 4;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    public static async Task<T> TryAsync<T>(Func<Task<T>> work, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work();
            }
            catch (SluiceException error) when (error.IsTransient && attempt < MostAttempts)
            {
                await Task.Delay(FirstPause * Math.Pow(3, attempt - 1), TimeProvider.System, cancel);
            }
        }
    }
}
