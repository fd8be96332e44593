using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Settings;

namespace Sluice.Cli.Commands;

/// <summary>Where from: the workspace and its key.</summary>
internal sealed class SourceOptions
{
    private readonly Option<string?> _uri = Flag.Text(
        "--source-uri",
        "ADDRESS",
        "customerio://?api_key=KEY&region=us|eu, with site_id, track_api_key, base_url, track_base_url and rate (requests a second, 10) if needed; "
            + "what is left out comes from CUSTOMERIO_APP_API_KEY, CUSTOMERIO_REGION, CUSTOMERIO_SITE_ID, CUSTOMERIO_TRACK_API_KEY, " +
                "CUSTOMERIO_BASE_URL and "
            + "CUSTOMERIO_TRACK_BASE_URL [default: customerio://]");

    public void AddTo(Command command) => command.Add(_uri);

    /// <summary>Whether an address was given, as an argument or by its variable.</summary>
    public bool IsSaid(Flags flags) => flags.Text(_uri) is not null;

    /// <summary>Gives the source, or null when something is wrong with it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="mistakes">Takes what is wrong.</param>
    /// <param name="address">An address that stands among the arguments without the option; null for none.</param>
    /// <param name="needsApp">Whether an App API key is needed.</param>
    public SourceAddress? Read(CommandRun run, ValidationErrors mistakes, string? address = null, bool needsApp = true)
    {
        if (address is not null && run.Flags.IsGiven(_uri))
        {
            mistakes.Add("There are two addresses.", $"Leave out {_uri.Name}.");
            return null;
        }

        var uri = address ?? run.Flags.Text(_uri) ?? SourceScheme;
        var isTyped = address is not null || run.Flags.IsGiven(_uri);
        if (isTyped && uri.Contains("api_key=", StringComparison.Ordinal))
        {
            run.Messages.Warn(
                "A key in the arguments can be seen by other users of this machine and stays in the shell's history.",
                "Put it into CUSTOMERIO_APP_API_KEY or into a file .env here.");
        }

        var settings = run.Host.Settings;
        var variable = isTyped ? null : Flag.Variable(_uri);
        return SourceAddress.Read(uri, settings.Find, mistakes, new KeyOrigins(settings.IsOfFile), variable, needsApp);
    }

    /// <summary>
    /// Opens the client, which tells of its attempts when debugging; a budget goes on where another client of the workspace left it.
    /// </summary>
    public static CustomerIoClient Open(SourceAddress source, CommandRun run, RequestBudget? budget = null, double? trackRate = null)
    {
        var options = source.Client with
        {
            MaxConnections = ProcessLimits.Connections(),
            TrackRequestsPerSecond = trackRate ?? source.Client.TrackRequestsPerSecond,
        };
        return Watched(new CustomerIoClient(options, run.Host.Time, budget: budget), run.Messages);
    }

    /// <summary>Lets a client tell of answers that don't come and, when debugging, of its attempts.</summary>
    public static CustomerIoClient Watched(CustomerIoClient client, Messages messages)
    {
        client.Observer = messages.IsDebug ? messages.Attempt : null;
        client.Overdue = messages.Overdue;
        return client;
    }

    private const string SourceScheme = "customerio://";
}
