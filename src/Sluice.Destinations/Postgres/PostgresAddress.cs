using System.Globalization;
using Npgsql;
using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations.Postgres;

/// <summary>The address of a PostgreSQL database, as libpq has it: <c>postgresql://user:password@host:port/database?sslmode=require</c>.</summary>
internal sealed class PostgresAddress
{
    private const string Example = "For example: --dest-uri postgresql://loader@db.example.com:5432/warehouse, with the password in PGPASSWORD.";
    private const int DefaultPort = 5432;

    private static readonly Dictionary<string, Action<NpgsqlConnectionStringBuilder, string>> Options = new(StringComparer.Ordinal)
    {
        ["application_name"] = (to, value) => to.ApplicationName = value,
        ["channel_binding"] = (to, value) => to["Channel Binding"] = Word(value),
        ["connect_timeout"] = (to, value) => to.Timeout = int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture),
        ["dbname"] = (to, value) => to.Database = value,
        ["host"] = (to, value) => to.Host = value,
        ["options"] = (to, value) => to.Options = value,
        ["password"] = (to, value) => to.Password = value,
        ["passfile"] = (to, value) => to.Passfile = value,
        ["port"] = (to, value) => to.Port = int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture),
        ["sslcert"] = (to, value) => to.SslCertificate = value,
        ["sslkey"] = (to, value) => to.SslKey = value,
        ["sslmode"] = (to, value) => to["SSL Mode"] = Word(value),
        ["sslpassword"] = (to, value) => to.SslPassword = value,
        ["sslrootcert"] = (to, value) => to.RootCertificate = value,
        ["target_session_attrs"] = (to, value) => to.TargetSessionAttributes = value,
        ["user"] = (to, value) => to.Username = value,
    };

    private PostgresAddress(NpgsqlConnectionStringBuilder connection) => Connection = connection;

    /// <summary>What the driver connects by.</summary>
    public NpgsqlConnectionStringBuilder Connection { get; }

    /// <summary>Host, port and database.</summary>
    public string Identity =>
        $"postgresql://{string.Join(',', Connection.Host!.Split(',').Select(WithPort)).ToLowerInvariant()}/{Connection.Database}";

    /// <summary>Host, port and database, with the user; never with the password.</summary>
    public override string ToString() =>
        Connection.Username is { Length: > 0 } user
            ? Identity.Replace("://", $"://{Uri.EscapeDataString(user)}@", StringComparison.Ordinal)
            : Identity;

    /// <summary>Reads an address; what it leaves out comes from the environment, as for psql.</summary>
    public static PostgresAddress Parse(string uri)
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
                "The part of the PostgreSQL address before @ has a letter that means something in an address.",
                $"Write / as %2F, ? as %3F and @ as %40. {Example}");
        }

        var (user, password) = Split(at < 0 ? "" : authority[..at], ':');
        var connection = Defaults();
        ReadHosts(connection, authority[(at + 1)..]);
        connection.Username = Decode(user) is { Length: > 0 } name ? name : null;
        connection.Password = Decode(password) is { Length: > 0 } secret ? secret : null;
        connection.Database = Decode(database) is { Length: > 0 } named ? named : null;
        foreach (var option in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            ReadOption(connection, option);
        }

        connection.Username ??= Variable("PGUSER") ?? Environment.UserName;
        connection.Database ??= Variable("PGDATABASE") ?? connection.Username;
        connection.Host ??= Variable("PGHOST") ?? "localhost";
        return new PostgresAddress(connection);
    }

    /// <summary>What the connections of a run are called, so that they can be told from those of another.</summary>
    public static string ApplicationOf(string runId) => $"sluice {runId}";

    /// <summary>An address whose connections are called after a run, unless it says what they are called.</summary>
    public static string OfRun(string uri, string runId) => uri.Contains("application_name=", StringComparison.Ordinal)
        ? uri
        : $"{uri}{(uri.Contains('?', StringComparison.Ordinal) ? '&' : '?')}application_name={System.Uri.EscapeDataString(ApplicationOf(runId))}";

    // No state of a session is kept beyond its transaction, so that a pooler between us and the server is in nobody's way.
    private static NpgsqlConnectionStringBuilder Defaults() => new()
    {
        ApplicationName = "sluice",
        CommandTimeout = 0,
        NoResetOnClose = true,
        Enlist = false,
        TcpKeepAlive = true,
        Timezone = "UTC",
        Port = int.TryParse(Variable("PGPORT"), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : DefaultPort,
    };

    private static void ReadHosts(NpgsqlConnectionStringBuilder connection, string authority)
    {
        if (authority.Length == 0)
        {
            return;
        }

        var hosts = authority.Split(',').Select(Decode).ToList();
        foreach (var host in hosts)
        {
            var end = host.LastIndexOf(':');
            if (
                end > host.LastIndexOf(']')
                && !(ushort.TryParse(host[(end + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0))
            {
                throw new SluiceException(
                    SluiceErrorKind.Config, $"The port of the PostgreSQL address is no number from 1 to 65535: {host[(end + 1)..]}", Example);
            }
        }

        if (hosts.Count == 1 && hosts[0].LastIndexOf(':') is var colon and > 0 && colon > hosts[0].LastIndexOf(']'))
        {
            connection.Port = int.Parse(hosts[0][(colon + 1)..], CultureInfo.InvariantCulture);
            hosts[0] = hosts[0][..colon];
        }

        connection.Host = hosts.Count == 1 ? hosts[0].Trim('[', ']') : string.Join(',', hosts);
    }

    private static void ReadOption(NpgsqlConnectionStringBuilder connection, string option)
    {
        var (name, value) = Split(option, '=');
        if (!Options.TryGetValue(Decode(name), out var set))
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"The PostgreSQL address has an option that is not known: {Decode(name)}",
                $"{Suggestion.For(Decode(name), Options.Keys)} Known are: {string.Join(", ", Options.Keys.Order(StringComparer.Ordinal))}."
                    .TrimStart());
        }

        try
        {
            set(connection, Decode(value));
        }
        catch (Exception error)
            when (error is ArgumentException or FormatException or OverflowException or KeyNotFoundException or InvalidCastException)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"The option {Decode(name)} of the PostgreSQL address has a value that PostgreSQL's driver does not take.",
                Example,
                error);
        }
    }

    // verify-full is VerifyFull in the driver's words.
    private static string Word(string value) => value.Replace("-", "", StringComparison.Ordinal);

    // More than one colon without brackets is an IPv6 address.
    private string WithPort(string host)
    {
        var port = Connection.Port.ToString(CultureInfo.InvariantCulture);
        return host.Count(letter => letter == ':') switch
        {
            0 => $"{host}:{port}",
            > 1 when !host.Contains(']', StringComparison.Ordinal) => $"[{host}]:{port}",
            _ => host,
        };
    }

    private static (string Before, string After) Split(string text, char mark) =>
        text.IndexOf(mark, StringComparison.Ordinal) is var at and >= 0 ? (text[..at], text[(at + 1)..]) : (text, "");

    private static string Decode(string text) => Uri.UnescapeDataString(text);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
