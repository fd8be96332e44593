using Microsoft.Extensions.Logging;

namespace Sluice.Server.Gate;

/// <summary>Hands what the server and its framework log to whoever started it, who writes it safely.</summary>
internal sealed class ServerLog(Action<ServerMessage> tell) : ILoggerProvider
{
    // What strangers can cause at will with a broken cookie, and what is said of keys that we seal ourselves.
    private static readonly string[] Noise =
    [
        "Microsoft.AspNetCore.Antiforgery",
        "Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager",
        "Microsoft.AspNetCore.Authentication",
        "Microsoft.AspNetCore.HostFiltering",
    ];

    public ILogger CreateLogger(string categoryName) => new Category(
        tell,
        Noise.Any(name => categoryName.StartsWith(name, StringComparison.Ordinal)) ? LogLevel.Critical
            : categoryName.StartsWith("Sluice.", StringComparison.Ordinal) ? LogLevel.Debug : LogLevel.Warning);

    public void Dispose()
    {
    }

    private sealed class Category(Action<ServerMessage> tell, LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                tell(new ServerMessage(logLevel, formatter(state, exception), exception));
            }
        }
    }
}

/// <summary>Something that the server says.</summary>
/// <param name="Level">How grave it is.</param>
/// <param name="Text">What; names in it are as they came, and must be escaped for a terminal.</param>
/// <param name="Error">The exception behind it, whose text is for --debug alone.</param>
public sealed record ServerMessage(LogLevel Level, string Text, Exception? Error);
