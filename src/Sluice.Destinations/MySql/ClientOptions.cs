namespace Sluice.Destinations.MySql;

/// <summary>What the section [client] of ~/.my.cnf says, where MySQL's own programs look for a password that nobody else is to see.</summary>
internal sealed record ClientOptions
{
    private const string Section = "[client]";

    /// <summary>The host; null when the file says none.</summary>
    public string? Host { get; private init; }

    /// <summary>The port, as it is written.</summary>
    public string? Port { get; private init; }

    /// <summary>The user.</summary>
    public string? User { get; private init; }

    /// <summary>The password.</summary>
    public string? Password { get; private init; }

    /// <summary>Reads the file of the user who runs this program; nothing when there is none that can be read.</summary>
    public static ClientOptions Read()
    {
        var path = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".my.cnf");
        try
        {
            return File.Exists(path) ? Parse(File.ReadLines(path)) : new ClientOptions();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // As for a file that is not there: whoever needs the password is told so by the server.
            return new ClientOptions();
        }
    }

    /// <summary>Reads lines of such a file.</summary>
    public static ClientOptions Parse(IEnumerable<string> lines)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var section = "";
        foreach (var line in lines.Select(line => line.Trim()))
        {
            if (line.StartsWith('['))
            {
                section = line;
            }
            else if (section.Equals(Section, StringComparison.OrdinalIgnoreCase) && line.IndexOf('=', StringComparison.Ordinal) is var at and > 0)
            {
                values[line[..at].TrimEnd()] = Unquoted(line[(at + 1)..].TrimStart());
            }
        }

        return new ClientOptions
        {
            Host = values.GetValueOrDefault("host"),
            Port = values.GetValueOrDefault("port"),
            User = values.GetValueOrDefault("user"),
            Password = values.GetValueOrDefault("password"),
        };
    }

    private static string Unquoted(string value) =>
        value is [('"' or '\'') and var quote, .. var inner, var end] && quote == end ? inner : value;
}
