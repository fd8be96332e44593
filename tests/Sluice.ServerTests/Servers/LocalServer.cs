using Xunit;

namespace Sluice.ServerTests.Servers;

/// <summary>A real server for the tests of one run: started by the first test that requires it, stopped after the last test.</summary>
public abstract class LocalServer : IAsyncDisposable
{
    private readonly Lazy<Task<ServerProcess>> _process;

    private protected LocalServer() => _process = new Lazy<Task<ServerProcess>>(StartAsync);

    /// <summary>All that the server has printed, for a failing test to show.</summary>
    public async Task<string> LogAsync() => (await _process.Value).Log;

    /// <summary>
    /// Starts the server if need be; skips the test when this machine has no such server, and fails when it has one that does not start.
    /// </summary>
    public Task RequireAsync() => _process.Value;

    public async ValueTask DisposeAsync()
    {
        // A server that was not there or did not start has failed its tests already.
        if (_process.IsValueCreated && _process.Value.IsCompletedSuccessfully)
        {
            await LeaveAsync();
            await (await _process.Value).DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the connections that the tests have in common.</summary>
    private protected virtual ValueTask LeaveAsync() => default;

    /// <summary>Why this machine can't have the server, or null.</summary>
    private protected abstract string? Missing();

    private protected abstract Task<ServerProcess> LaunchAsync(string folder);

    private async Task<ServerProcess> StartAsync()
    {
        var missing = OperatingSystem.IsWindows() ? "The servers for tests are started by a shell script, which Windows lacks." : Missing();
        Assert.SkipWhen(missing is not null, missing ?? "");
        return await LaunchAsync(Directory.CreateTempSubdirectory($"sluice-{GetType().Name}-").FullName);
    }
}
