namespace Sluice.ServerTests.Destinations;

/// <summary>An empty place on a server, with the ways to it that must not lead in.</summary>
public abstract class ServerPlace : DestinationPlace
{
    /// <summary>The server's port on 127.0.0.1.</summary>
    public abstract int Port { get; }

    /// <summary>What the tool needs in its environment besides the address.</summary>
    public virtual IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The wrong password: an address, and what is different in the environment.</summary>
    public abstract (string Uri, IReadOnlyDictionary<string, string> Environment) WrongPassword { get; }

    /// <summary>Words that none of the tool's messages may contain.</summary>
    public abstract IReadOnlyList<string> Secrets { get; }

    /// <summary>
    /// Makes a user who may log in and write nothing, and gives the address and what is different in the environment; null where the server has no
    /// users with rights.
    /// </summary>
    public abstract Task<(string Uri, IReadOnlyDictionary<string, string> Environment)?> PowerlessAsync();

    /// <summary>The same place by another port.</summary>
    public virtual string UriBy(int port) => Uri.Replace($":{Port}", $":{port}", StringComparison.Ordinal);
}
