namespace Sluice.Simulator;

/// <summary>The data and the behavior of a simulated Customer.io.</summary>
public sealed record SimulatorOptions
{
    /// <summary>The port on 127.0.0.1; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>The seed of all data and of every fault; the same seed and <see cref="Now"/> give the same bytes.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>People in each workspace at the start.</summary>
    public int Customers { get; init; } = 1000;

    /// <summary>Deliveries in each workspace at the start, drafts included; null is ten a person.</summary>
    public int? Messages { get; init; }

    /// <summary>
    /// Days over which the deliveries are spread; the world itself is 548 days old, and campaigns as old as the deliveries if those are older.
    /// </summary>
    public int MessageDays { get; init; } = (int)Data.Deliveries.SpanDays;

    /// <summary>Activities of the last 30 days at the start; null is three a person and at least 300.</summary>
    public int? Activities { get; init; }

    /// <summary>Campaigns in each workspace.</summary>
    public int Campaigns { get; init; } = 12;

    /// <summary>API-triggered broadcasts in each workspace.</summary>
    public int Broadcasts { get; init; } = 4;

    /// <summary>Newsletters in each workspace.</summary>
    public int Newsletters { get; init; } = 30;

    /// <summary>Transactional messages in each workspace.</summary>
    public int TransactionalMessages { get; init; } = 5;

    /// <summary>Actions of the largest campaign and the largest broadcast; the API gives 10 a page.</summary>
    public int ActionsPerCampaign { get; init; } = 23;

    /// <summary>Actions of every campaign and broadcast alike; null for sizes that differ, up to <see cref="ActionsPerCampaign"/>.</summary>
    public int? ActionsOfEachCampaign { get; init; }

    /// <summary>App API requests a second for each workspace, counted by arrival in any sliding second; 0 is no limit.</summary>
    public double RequestsPerSecond { get; init; } = 10;

    /// <summary>Track API requests a second for each workspace; 0 is no limit.</summary>
    public double TrackRequestsPerSecond { get; init; } = 100;

    /// <summary>The delay before every response.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>The seeded share of <see cref="Latency"/>, 0 to 1, by which a single delay varies.</summary>
    public double LatencyJitter { get; init; }

    /// <summary>The form of <c>Retry-After</c> on a 429: <c>seconds</c>, <c>date</c> or <c>none</c>.</summary>
    public string? RetryAfter { get; init; } = "seconds";

    /// <summary>Fault specifications: <c>kind[:arg][@rate or #n,#m][/routeGlob]</c>.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>The App API key of the first workspace.</summary>
    public string AppApiKey { get; init; } = "sim-app-key";

    /// <summary>App API keys of further workspaces, each with data and a budget of its own.</summary>
    public IReadOnlyList<string> ExtraKeys { get; init; } = [];

    /// <summary>The Track API's user name for the first workspace; the others append <c>-2</c>, <c>-3</c> and so on.</summary>
    public string SiteId { get; init; } = "sim-site";

    /// <summary>The Track API's password.</summary>
    public string TrackApiKey { get; init; } = "sim-track-key";

    /// <summary>The key with which reporting webhooks are signed; the API never gives it.</summary>
    public string WebhookSigningKey { get; init; } = "sim-signing-key";

    /// <summary>The region of the account, <c>us</c> or <c>eu</c>.</summary>
    public string Region { get; init; } = "us";

    /// <summary>When the simulated clock starts; null is the real time.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>Whether the simulated clock only moves when it is advanced, for tests that compare whole responses.</summary>
    public bool FreezeClock { get; init; }

    /// <summary>The vendor's description that requests and responses follow: of <c>2026-09</c>, or the one before, of <c>2026-08</c>.</summary>
    public string ApiForm { get; init; } = "2026-09";

    /// <summary>Whether the actions of a broadcast come ten a page, as has been seen, or in one list, as the description says.</summary>
    public bool PagesBroadcastActions { get; init; } = true;

    /// <summary>
    /// Whether a PUT empties the writable keys that it leaves out, as it does for transactional messages; for others neither is documented.
    /// </summary>
    public bool OverwritesContents { get; init; }

    /// <summary>Whether a PUT passes over read-only keys instead of refusing them; neither is documented.</summary>
    public bool IgnoresReadOnlyKeys { get; init; }

    /// <summary>Channels that are switched off in the workspace, such as <c>sms</c>: a transactional send on one of them is a 403.</summary>
    public IReadOnlyList<string> ChannelsOff { get; init; } = [];

    /// <summary>Whether deliveries carry <c>customer_identifiers</c>: the schema has it, the vendor's examples do not.</summary>
    public bool CustomerIdentifiers { get; init; } = true;

    /// <summary>Whether action ids of campaigns are JSON strings; both forms have been seen.</summary>
    public bool ActionIdsAsStrings { get; init; } = true;

    /// <summary>Whether the people of a batch lookup are returned bare instead of wrapped in <c>customer</c>.</summary>
    public bool BareCustomers { get; init; }

    /// <summary>Whether lookups by phone number are allowed; the default workspace refuses them with a 400.</summary>
    public bool PhoneIdentifiers { get; init; }

    /// <summary>How many times an export must be polled until it is done.</summary>
    public int ExportPolls { get; init; } = 2;

    /// <summary>The form of an export's file: <c>csv</c>, <c>gzip</c> or <c>zip</c>.</summary>
    public string ExportFormat { get; init; } = "csv";

    /// <summary>Whether the download link of an export supports range requests.</summary>
    public bool ExportRanges { get; init; } = true;

    /// <summary>The ETag of an export's file: <c>stable</c>, <c>changing</c> with every response, or <c>none</c>.</summary>
    public string ExportETags { get; init; } = "stable";

    /// <summary>Whether an export's CSV begins with a byte order mark.</summary>
    public bool ExportBom { get; init; }

    /// <summary>
    /// Whether export columns have titles (<c>Created At</c>) instead of field names (<c>created_at</c>): the vendor documents neither.
    /// </summary>
    public bool ExportTitles { get; init; }

    /// <summary>Whether timestamps in exports are ISO 8601 strings instead of unix seconds.</summary>
    public bool ExportIsoTimes { get; init; }

    /// <summary>How many rows of an export's count are missing from its file.</summary>
    public int ExportMissingRows { get; init; }

    /// <summary>How many of the first requested exports fail.</summary>
    public int ExportFailures { get; init; }

    /// <summary>Whether the lists that can repeat an entry across pages do so.</summary>
    public bool RepeatAcrossPages { get; init; } = true;

    /// <summary>
    /// The days at the end of a range of metrics that are counted, as if the vendor cut longer ones; null for all, up to ten years.
    /// </summary>
    public int? MetricsDays { get; init; }

    internal bool HasEarlierForm => ApiForm == "2026-08";

    internal int MessageCount => Messages ?? Customers * 10;

    internal int ActivityCount => Activities ?? Math.Max(300, Customers * 3);
}
