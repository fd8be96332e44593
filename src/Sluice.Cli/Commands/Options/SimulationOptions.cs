using System.CommandLine;
using System.Globalization;
using Sluice.Engine;
using Sluice.Simulator;

namespace Sluice.Cli.Commands;

/// <summary>What the pretend Customer.io holds and how it behaves.</summary>
internal sealed class SimulationOptions
{
    private const int Many = 10_000_000;
    private const int MostDays = 4000;

    private readonly Option<string?> _port = Flag.Text("--port", "PORT", "The port on 127.0.0.1 [default: 0, any free one]");
    private readonly Option<string?> _messages = Flag.Text("--messages", "N", "Deliveries [default: ten a person]");
    private readonly Option<string?> _messageDays = Flag.Text(
        "--message-days", "N", "Days over which deliveries are spread, and campaigns if they are more [default: 548]");
    private readonly Option<string?> _activities = Flag.Text(
        "--activities", "N", "Activities of the last 30 days [default: three a person, at least 300]");
    private readonly Option<string?> _campaigns = Flag.Text("--campaigns", "N", "Campaigns [default: 12]");
    private readonly Option<string?> _broadcasts = Flag.Text("--broadcasts", "N", "API-triggered broadcasts [default: 4]");
    private readonly Option<string?> _newsletters = Flag.Text("--newsletters", "N", "Newsletters [default: 30]");
    private readonly Option<string?> _transactional = Flag.Text("--transactional-messages", "N", "Transactional messages [default: 5]");
    private readonly Option<string?> _actions = Flag.Text("--actions-per-campaign", "N", "Actions of the largest campaign [default: 23]");
    private readonly Option<string?> _actionsOfEach = Flag.Text(
        "--actions-of-each-campaign", "N", "Actions of every campaign and broadcast alike [default: they differ]");
    private readonly Option<string?> _trackRps = Flag.Text("--track-rps", "N", "Track API requests a second; 0 is no limit [default: 100]");
    private readonly Option<string?> _latency = Flag.Text("--latency", "MS", "Milliseconds before every answer [default: 0]");
    private readonly Option<string?> _jitter = Flag.Text(
        "--latency-jitter", "SHARE", "The share of the latency, 0 to 1, by which a wait differs [default: 0]");
    private readonly Option<string?> _retryAfter = Flag.Text(
        "--retry-after", "seconds|date|none", "The form of Retry-After on a 429 [default: seconds]");
    private readonly Option<string[]> _faults = Flag.Several(
        "--fault", "FAULT", "kind[:argument][@rate or #n,#m][/route], repeatable, as 429@0.01 or 500#3/v1/messages");
    private readonly Option<string?> _key = Flag.Text("--app-api-key", "KEY", "The App API key [default: sim-app-key]");
    private readonly Option<string[]> _extraKeys = Flag.Several(
        "--extra-key", "KEY", "The key of a further workspace with data and a budget of its own, repeatable");
    private readonly Option<string?> _region = Flag.Text("--region", "us|eu", "The region of the account [default: us]");
    private readonly Option<string?> _now = Flag.Text("--now", "TIME", "When the simulated clock starts [default: now]");
    private readonly Option<string?> _siteId = Flag.Text("--site-id", "ID", "The Track API's site id [default: sim-site]");
    private readonly Option<string?> _trackKey = Flag.Text("--track-api-key", "KEY", "The Track API's key [default: sim-track-key]");
    private readonly Option<string?> _exportPolls = Flag.Text(
        "--export-polls", "N", "How often an export is asked about until it is done [default: 2]");
    private readonly Option<string?> _exportFormat = Flag.Text("--export-format", "csv|gzip|zip", "The form of an export's file [default: csv]");
    private readonly Option<bool> _freeze = Flag.Switch("--freeze-clock", "Let the simulated clock stand still");
    private readonly Option<bool> _noIdentifiers = Flag.Switch("--no-customer-identifiers", "Leave customer_identifiers out of deliveries");
    private readonly Option<bool> _numericIds = Flag.Switch("--numeric-action-ids", "Send the ids of actions as numbers instead of strings");
    private readonly Option<bool> _bare = Flag.Switch("--bare-customers", "Send people bare instead of wrapped in 'customer'");
    private readonly Option<bool> _phone = Flag.Switch("--phone-identifiers", "Allow lookups by phone number");
    private readonly Option<bool> _noRepeats = Flag.Switch("--no-repeats", "Never repeat an entry across pages");

    private readonly ApiFormOptions _form = new();

    public WorldOptions World { get; } = new();

    public void AddTo(Command command)
    {
        command.Add(_port);
        World.AddTo(command);
        foreach (
            Option option in new Option[]
            {
                _messages,
                _messageDays,
                _activities,
                _campaigns,
                _broadcasts,
                _newsletters,
                _transactional,
                _actions,
                _actionsOfEach,
                _trackRps,
                _latency,
                _jitter,
                _retryAfter,
                _faults,
                _key,
                _extraKeys,
                _siteId,
                _trackKey,
                _region,
                _exportPolls,
                _exportFormat,
                _now,
                _freeze,
                _noIdentifiers,
                _numericIds,
                _bare,
                _phone,
                _noRepeats,
            })
        {
            command.Add(option);
        }

        _form.AddTo(command);
    }

    public SimulatorOptions Read(Flags flags, ValidationErrors mistakes)
    {
        var usual = _form.Read(flags, World.Read(flags, new SimulatorOptions(), mistakes), mistakes);
        return Behaviour(flags, mistakes, usual) with
        {
            Port = flags.Whole(_port, 0, 65_535, mistakes) ?? 0,
            Messages = flags.Whole(_messages, 0, Many, mistakes),
            MessageDays = flags.Whole(_messageDays, 1, MostDays, mistakes) ?? usual.MessageDays,
            Activities = flags.Whole(_activities, 0, Many, mistakes),
            Campaigns = flags.Whole(_campaigns, 0, Many, mistakes) ?? usual.Campaigns,
            Broadcasts = flags.Whole(_broadcasts, 0, Many, mistakes) ?? usual.Broadcasts,
            Newsletters = flags.Whole(_newsletters, 0, Many, mistakes) ?? usual.Newsletters,
            TransactionalMessages = flags.Whole(_transactional, 0, Many, mistakes) ?? usual.TransactionalMessages,
            ActionsPerCampaign = flags.Whole(_actions, 0, Many, mistakes) ?? usual.ActionsPerCampaign,
            ActionsOfEachCampaign = flags.Whole(_actionsOfEach, 0, Many, mistakes),
            AppApiKey = flags.Text(_key) ?? usual.AppApiKey,
            ExtraKeys = flags.List(_extraKeys),
            SiteId = flags.Text(_siteId) ?? usual.SiteId,
            TrackApiKey = flags.Text(_trackKey) ?? usual.TrackApiKey,
            Region = flags.Word(_region, ["us", "eu"], mistakes),
            Now = Instant(flags.Text(_now), mistakes),
            FreezeClock = flags.IsOn(_freeze),
        };
    }

    private SimulatorOptions Behaviour(Flags flags, ValidationErrors mistakes, SimulatorOptions usual) => usual with
    {
        TrackRequestsPerSecond = flags.Number(_trackRps, 0, Many, mistakes) ?? usual.TrackRequestsPerSecond,
        Latency = TimeSpan.FromMilliseconds(flags.Number(_latency, 0, 600_000, mistakes) ?? 0),
        LatencyJitter = flags.Number(_jitter, 0, 1, mistakes) ?? 0,
        RetryAfter = flags.Word(_retryAfter, ["seconds", "date", "none"], mistakes),
        Faults = flags.List(_faults),
        CustomerIdentifiers = !flags.IsOn(_noIdentifiers),
        ActionIdsAsStrings = !flags.IsOn(_numericIds),
        ExportPolls = flags.Whole(_exportPolls, 0, Many, mistakes) ?? usual.ExportPolls,
        ExportFormat = flags.Word(_exportFormat, ["csv", "gzip", "zip"], mistakes),
        BareCustomers = flags.IsOn(_bare),
        PhoneIdentifiers = flags.IsOn(_phone),
        RepeatAcrossPages = !flags.IsOn(_noRepeats),
    };

    private static DateTimeOffset? Instant(string? text, ValidationErrors mistakes)
    {
        if (text is null)
        {
            return null;
        }

        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var instant))
        {
            return instant;
        }

        mistakes.Add($"--now is no time: '{text}'.", "Write it as 2024-06-01T12:00:00Z.");
        return null;
    }
}

/// <summary>The size of the pretend workspace and its budget: what both the simulator and the demo let one choose.</summary>
internal sealed class WorldOptions(string customers = "1000", string rate = "10, as Customer.io's")
{
    private readonly Option<string?> _seed = Flag.Text(
        "--seed", "N", "The seed of all data and faults: the same seed gives the same data [default: 1]");
    private readonly Option<string?> _customers = Flag.Text("--customers", "N", $"People [default: {customers}]");
    private readonly Option<string?> _rate = Flag.Text("--rps", "N", $"App API requests a second; 0 is no limit [default: {rate}]");

    public void AddTo(Command command)
    {
        command.Add(_seed);
        command.Add(_customers);
        command.Add(_rate);
    }

    public SimulatorOptions Read(Flags flags, SimulatorOptions usual, ValidationErrors mistakes) => usual with
    {
        Seed = flags.Whole(_seed, 0, int.MaxValue, mistakes) ?? usual.Seed,
        Customers = flags.Whole(_customers, 0, 10_000_000, mistakes) ?? usual.Customers,
        RequestsPerSecond = flags.Number(_rate, 0, 10_000, mistakes) ?? usual.RequestsPerSecond,
    };
}
