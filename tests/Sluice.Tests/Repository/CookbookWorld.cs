using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Simulator;
using Sluice.Tests.Runs;
using Xunit;

namespace Sluice.Tests.Repository;

/// <summary>A world of two months that stands still, read once with its models, and the queries of the cookbook.</summary>
public sealed partial class CookbookWorld : IAsyncLifetime
{
    private static readonly string[] Tables =
    [
        "messages", "transactional_deliveries", "campaigns", "campaign_actions", "broadcasts", "newsletters", "newsletter_contents",
        "transactional_messages", "customers", "customer_attributes", "customer_subscription_preferences", "subscription_topics", "segments",
        "segment_memberships", "campaign_metrics:days", "campaign_link_metrics:days", "broadcast_link_metrics:days",
        "newsletter_link_metrics:days", "transactional_link_metrics:days",
    ];

    private IngestHarness _bench = null!;

    public static IReadOnlyDictionary<int, string> Queries { get; } = Sections().Matches(Checkout.Read("docs/cookbook.md"))
        .ToDictionary(section => int.Parse(section.Groups[1].Value, CultureInfo.InvariantCulture), section => section.Groups[2].Value);

    public RunReport Report { get; private set; } = null!;

    internal IReadOnlyList<SentDelivery> Deliveries { get; private set; } = [];

    internal IReadOnlyList<(string CioId, string? Id, string? Email)> People { get; private set; } = [];

    /// <summary>The attribute plan by person.</summary>
    public IReadOnlyDictionary<string, string> Plans { get; private set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public async ValueTask InitializeAsync()
    {
        _bench = await IngestHarness.StartAsync(new SimulatorOptions
        {
            Customers = 120,
            MessageDays = 60,
            RequestsPerSecond = 0,
            FreezeClock = true,
        });
        Report = await _bench.IngestAsync(_bench.Request(IngestHarness.Jobs(Tables)) with { Models = true });
        Deliveries = [.. Rows("messages").Select(row => new SentDelivery(row))];
        People = [.. Rows("customers").Select(row => (Text(row, "cio_id")!, Text(row, "id"), Text(row, "email")))];
        Plans = Rows("customer_attributes")
            .Where(row => row.GetProperty("attributes").TryGetProperty("plan", out _))
            .ToDictionary(PersonOf, row => row.GetProperty("attributes").GetProperty("plan").GetString()!, StringComparer.Ordinal);
    }

    public IEnumerable<JsonElement> Rows(string table) => _bench.Simulator.World.Rows(table);

    public string? Name(string table, long? id) =>
        Rows(table).Where(row => Number(row, "id") == id).Select(row => Text(row, "name")).FirstOrDefault();

    /// <summary>The answer to a question, its values with bars between them.</summary>
    public List<string> Answer(int question, string said = "", string instead = "") =>
        [.. _bench.Query(said.Length == 0 ? Queries[question] : Queries[question].Replace(said, instead, StringComparison.Ordinal))
            .Select(row => string.Join('|', row.Select(Told)))];

    internal static Func<SentDelivery, bool> IsOfTheLastWeek(string metric) =>
        one => one.Has(metric) && one.At(metric) >= DateTimeOffset.UtcNow.AddDays(-7).ToUnixTimeSeconds();

    /// <summary>Whether something was in the 45 days of Customer.io's metrics.</summary>
    public bool IsCounted(JsonElement row, string metric) =>
        row.TryGetProperty(metric, out var at) && at.GetInt64() >= MetricsCalendar.Boundaries(
            MetricsPeriod.Days, _bench.Simulator.World.Clock.GetUtcNow(), 45)[0].Start.ToUnixTimeSeconds();

    public static string? Text(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static long? Number(JsonElement row, string name) => !row.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? long.Parse(value.GetString()!, CultureInfo.InvariantCulture)
        : value.ValueKind == JsonValueKind.Number ? value.GetInt64()
        : null;

    public static string Told(object? value) => value switch
    {
        null or DBNull => "NULL",
        DateTimeOffset time => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        DateTime day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private static string PersonOf(JsonElement row) => Text(row, "cio_id") ?? Text(row.GetProperty("identifiers"), "cio_id")!;

    [GeneratedRegex(@"\n## (\d+)\. .*?```sql\n(.*?)```", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Sections();
}

/// <summary>A delivery as the pretend Customer.io has it.</summary>
internal sealed class SentDelivery
{
    private readonly Dictionary<string, long> _metrics;

    public SentDelivery(JsonElement row)
    {
        _metrics = row.GetProperty("metrics").EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetInt64(), StringComparer.Ordinal);
        Campaign = CookbookWorld.Number(row, "campaign_id");
        Newsletter = CookbookWorld.Number(row, "newsletter_id");
        Content = CookbookWorld.Number(row, "content_id");
        Action = CookbookWorld.Number(row, "action_id");
        Channel = CookbookWorld.Text(row, "type")!;
        Recipient = CookbookWorld.Text(row, "recipient") ?? "";
        Person = CookbookWorld.Text(row.GetProperty("customer_identifiers"), "cio_id")!;
    }

    public long? Campaign { get; }

    public long? Newsletter { get; }

    public long? Content { get; }

    public long? Action { get; }

    public string Channel { get; }

    public string Recipient { get; }

    public string Person { get; }

    public bool Has(string metric) => _metrics.ContainsKey(metric);

    /// <summary>The unix second; 0 for never.</summary>
    public long At(string metric) => _metrics.GetValueOrDefault(metric);

    /// <summary>The day at UTC-5.</summary>
    public DateOnly Day(string metric) => DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeSeconds(At(metric)).AddHours(-5).UtcDateTime);
}
