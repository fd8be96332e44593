namespace Sluice.Destinations.ClickHouse;

/// <summary>What the server, or the way to it, said instead of an answer.</summary>
internal sealed class ClickHouseException(int code, string text, Exception? inner = null) : Exception(text, inner)
{
    public const int NoAnswer = 0;
    public const int UnknownTable = 60;
    public const int TableExists = 57;
    public const int UnknownDatabase = 81;
    public const int ReadOnly = 164;
    public const int AccessDenied = 497;

    /// <summary>ClickHouse's number of the error; <see cref="NoAnswer"/> when the connection failed.</summary>
    public int Code { get; } = code;

    /// <summary>Whether a later try may succeed without a change: no connection, too busy, out of memory, shutting down.</summary>
    public bool IsTransient => Code is NoAnswer or 159 or 160 or 202 or 203 or 209 or 210 or 236 or 241 or 242 or 252 or 319 or 394 or 425 or 439 or 999;
}
