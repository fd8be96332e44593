using System.Globalization;
using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations.ClickHouse;

/// <summary>The address of a ClickHouse server: <c>clickhouse://user:password@host:port/database?secure=true&amp;cluster=name</c>.</summary>
internal sealed record ClickHouseAddress
{
    private const string Example = "Write it as clickhouse://user@host:8123/database, with the password in CLICKHOUSE_PASSWORD.";
    private const int PlainPort = 8123;
    private const int SecurePort = 8443;

    private static readonly string[] Options = ["secure", "http_port", "cluster", "compress", "timeout"];

    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>The database that holds all schemas; null when each schema is a database of its own.</summary>
    public string? Database { get; init; }

    public required string User { get; init; }

    public required string Password { get; init; }

    public bool IsSecure { get; init; }

    /// <summary>The cluster whose nodes are to have the tables; null for one server.</summary>
    public string? Cluster { get; init; }

    /// <summary>Whether rows are compressed on their way.</summary>
    public bool Compresses { get; init; }

    /// <summary>How long one statement may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whose tables they are, whatever user brings the rows.</summary>
    public string Identity => $"clickhouse://{Host}:{Port.ToString(CultureInfo.InvariantCulture)}/{Uri.EscapeDataString(Database ?? "")}";

    /// <summary>The HTTP interface.</summary>
    public Uri Endpoint => new($"{(IsSecure ? "https" : "http")}://{Host}:{Port.ToString(CultureInfo.InvariantCulture)}/");

    public static ClickHouseAddress Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            throw Wrong("The address names no host.");
        }

        var options = ReadOptions(uri.Query);
        var named = options.TryGetValue("http_port", out var text1) ? Number("http_port", text1, 1, 65535) : uri.Port > 0 ? uri.Port : (int?)null;
        if (named is 9000 or 9440)
        {
            throw Wrong(
                $"Port {named} speaks ClickHouse's native protocol; Sluice uses the HTTP interface, on 8123 or (secure) 8443 unless the server " +
                    $"says otherwise."
            );
        }

        var isSecure = options.TryGetValue("secure", out var secure) ? Flag("secure", secure) : named is SecurePort or 443;
        var user = uri.UserInfo.Split(':', 2);
        return new ClickHouseAddress
        {
            Host = uri.IdnHost.Contains(':', StringComparison.Ordinal) ? $"[{uri.IdnHost}]" : uri.IdnHost.ToLowerInvariant(),
            Port = named ?? (isSecure ? SecurePort : PlainPort),
            Database = ReadDatabase(uri),
            User = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : Environment.GetEnvironmentVariable("CLICKHOUSE_USER") ?? "default",
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : Environment.GetEnvironmentVariable("CLICKHOUSE_PASSWORD") ?? "",
            IsSecure = isSecure,
            Cluster = options.GetValueOrDefault("cluster") is { Length: > 0 } cluster ? cluster : null,
            Compresses = options.TryGetValue("compress", out var compress) && Flag("compress", compress),
            Timeout = options.TryGetValue("timeout", out var seconds)
                ? TimeSpan.FromSeconds(Number("timeout", seconds, 1, 86_400))
                : TimeSpan.FromHours(1),
        };
    }

    // The password is shown to nobody.
    public override string ToString()
    {
        var options = string.Join(
            '&', new[] { IsSecure ? "secure=true" : null, Cluster is null ? null : $"cluster={Uri.EscapeDataString(Cluster)}" }.OfType<string>());
        var identity = Identity["clickhouse://".Length..];
        return $"clickhouse://{Uri.EscapeDataString(User)}@{identity}{(options.Length > 0 ? $"?{options}" : "")}";
    }

    private static string? ReadDatabase(Uri uri)
    {
        var name = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/'));
        return name.Length == 0 ? null
            : name.Contains('/', StringComparison.Ordinal) || name.Any(char.IsControl) ? throw Wrong($"'{name}' is no name of a database.")
            : name;
    }

    private static Dictionary<string, string> ReadOptions(string query)
    {
        var options = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split('=', 2);
            var name = Uri.UnescapeDataString(pair[0]);
            if (!Options.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                var meant = Suggestion.For(name, Options) is { } near ? $"{near} " : "";
                throw Wrong($"The address has an option that is not known: {name}. {meant}Known are {string.Join(", ", Options)}.");
            }

            options[name] = pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : "";
        }

        return options;
    }

    private static bool Flag(string name, string value) => value.ToLowerInvariant() switch
    {
        "true" or "1" or "yes" or "" => true,
        "false" or "0" or "no" => false,
        _ => throw Wrong($"{name} is true or false, not '{value}'."),
    };

    private static int Number(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Wrong($"{name} is a number from {least} to {most}, not '{value}'.");

    private static SluiceException Wrong(string what) => new(SluiceErrorKind.Config, $"The ClickHouse address can't be used. {what}", Example);
}
