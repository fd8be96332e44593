using System.Globalization;
using MySqlConnector;
using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations.MySql;

/// <summary>The address of a MySQL or MariaDB server: <c>mysql://user:password@host:port/database?sslmode=require</c>.</summary>
internal sealed class MySqlAddress
{
    private const string Example = "For example: --dest-uri mysql://loader@db.example.com:3306/warehouse, with the password in MYSQL_PWD.";
    private const uint DefaultPort = 3306;

    private static readonly Dictionary<string, MySqlSslMode> SslModes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["disable"] = MySqlSslMode.None,
        ["prefer"] = MySqlSslMode.Preferred,
        ["require"] = MySqlSslMode.Required,
        ["verify-ca"] = MySqlSslMode.VerifyCA,
        ["verify-full"] = MySqlSslMode.VerifyFull,
    };

    private static readonly Dictionary<string, Action<MySqlConnectionStringBuilder, string>> Options = new(StringComparer.Ordinal)
    {
        ["connect_timeout"] = (to, value) => to.ConnectionTimeout = uint.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture),
        ["socket"] = (to, value) => (to.Server, to.ConnectionProtocol) = (value, MySqlConnectionProtocol.UnixSocket),
        ["sslcert"] = (to, value) => to.SslCert = value,
        ["sslkey"] = (to, value) => to.SslKey = value,
        ["sslmode"] = (to, value) => to.SslMode = SslModes[value],
        ["sslrootcert"] = (to, value) => to.SslCa = value,
    };

    private MySqlAddress(MySqlConnectionStringBuilder connection) => Connection = connection;

    /// <summary>What the driver connects by.</summary>
    public MySqlConnectionStringBuilder Connection { get; }

    /// <summary>The database; null when each schema is one.</summary>
    public string? Database => Connection.Database.Length > 0 ? Connection.Database : null;

    /// <summary>Host, port and database.</summary>
    public string Identity => $"mysql://{Place}/{Connection.Database}";

    private string Place => Connection.ConnectionProtocol == MySqlConnectionProtocol.UnixSocket
        ? Uri.EscapeDataString(Connection.Server)
        : string.Create(CultureInfo.InvariantCulture, $"{Bracketed(Connection.Server.ToLowerInvariant())}:{Connection.Port}");

    /// <summary>Host, port and database, with the user; never with the password.</summary>
    public override string ToString() =>
        Identity.Replace("://", $"://{Uri.EscapeDataString(Connection.UserID)}@", StringComparison.Ordinal);

    /// <summary>Reads an address; what it leaves out comes from the environment and ~/.my.cnf, as for the mysql command.</summary>
    public static MySqlAddress Parse(string uri)
    {
        var rest = uri[(uri.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var (place, query) = Split(rest, '?');
        var (authority, database) = Split(place, '/');
        var at = authority.LastIndexOf('@');
        if (at < 0 && rest.Contains('@', StringComparison.Ordinal))
        {
            // A password that ends the host for us must not stand in a message about the host.
            throw new SluiceException(
                SluiceErrorKind.Config,
                "The part of the MySQL address before @ has a letter that means something in an address.",
                $"Write / as %2F, ? as %3F and @ as %40. {Example}");
        }

        var (user, password) = Split(at < 0 ? "" : authority[..at], ':');
        var (host, port) = HostOf(authority[(at + 1)..]);
        var file = ClientOptions.Read();
        var connection = Defaults();
        connection.Server = host ?? Variable("MYSQL_HOST") ?? file.Host ?? "localhost";
        connection.Port = port ?? PortOf(Variable("MYSQL_TCP_PORT")) ?? PortOf(file.Port) ?? DefaultPort;
        connection.UserID = Given(Decode(user)) ?? file.User ?? Environment.UserName;
        connection.Password = Given(Decode(password)) ?? Variable("MYSQL_PWD") ?? file.Password ?? "";
        connection.Database = Decode(database);
        foreach (var option in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            ReadOption(connection, option);
        }

        return new MySqlAddress(connection);
    }

    // The server may never ask for a file of ours, whatever it is told to load.
    private static MySqlConnectionStringBuilder Defaults() => new()
    {
        ApplicationName = "sluice",
        AllowLoadLocalInfile = false,
        AutoEnlist = false,
        DateTimeKind = MySqlDateTimeKind.Utc,
        DefaultCommandTimeout = 0,
        GuidFormat = MySqlGuidFormat.None,
        Keepalive = 60,
        SslMode = MySqlSslMode.Preferred,
    };

    private static (string? Host, uint? Port) HostOf(string authority)
    {
        var end = authority.LastIndexOf(':');
        if (end < 0 || end < authority.LastIndexOf(']'))
        {
            return (Given(Decode(authority).Trim('[', ']')), null);
        }

        var port = PortOf(authority[(end + 1)..]) ?? throw new SluiceException(
            SluiceErrorKind.Config, $"The port of the MySQL address is no number from 1 to 65535: {authority[(end + 1)..]}", Example);
        return (Given(Decode(authority[..end]).Trim('[', ']')), port);
    }

    private static void ReadOption(MySqlConnectionStringBuilder connection, string option)
    {
        var (name, value) = Split(option, '=');
        if (!Options.TryGetValue(Decode(name), out var set))
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"The MySQL address has an option that is not known: {Decode(name)}",
                $"{Suggestion.For(Decode(name), Options.Keys)} Known are: {string.Join(", ", Options.Keys.Order(StringComparer.Ordinal))}."
                    .TrimStart());
        }

        try
        {
            set(connection, Decode(value));
        }
        catch (Exception error) when (error is ArgumentException or FormatException or OverflowException or KeyNotFoundException)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"The option {Decode(name)} of the MySQL address has a value that it can't have.",
                Decode(name) == "sslmode" ? $"sslmode is one of {string.Join(", ", SslModes.Keys)}." : Example,
                error);
        }
    }

    private static uint? PortOf(string? text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0 ? port : null;

    private static string Bracketed(string host) => host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;

    private static (string Before, string After) Split(string text, char mark) =>
        text.IndexOf(mark, StringComparison.Ordinal) is var at and >= 0 ? (text[..at], text[(at + 1)..]) : (text, "");

    private static string Decode(string text) => Uri.UnescapeDataString(text);

    private static string? Given(string text) => text.Length > 0 ? text : null;

    private static string? Variable(string name) => Given(Environment.GetEnvironmentVariable(name) ?? "");
}
