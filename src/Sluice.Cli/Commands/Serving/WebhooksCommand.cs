using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Cli.Output;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Settings;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice webhooks</c>: the reporting webhooks of a workspace, which <c>sluice serve</c> takes.</summary>
internal sealed class WebhooksCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Argument<string?> _address = new("URL")
    {
        Description = "Where 'sluice serve' is reached from outside, as https://data.example.com/hooks/main",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly WorkspaceOptions _workspace = new();
    private readonly Option<bool> _json = Flag.Switch("--json", "Write JSON");
    private readonly Option<string?> _name = Flag.Text("--name", "NAME", "The webhook's name in Customer.io [default: sluice]");
    private readonly Option<string[]> _events = Flag.Several("--events",
        "EVENT", "The events, with commas, as email_sent,email_opened [default: all]");
    private readonly Option<bool> _everyTime = Flag.Switch("--every-time", "Send each open and click, and not only the first of a person");
    private readonly Option<bool> _withContent = Flag.Switch("--with-content", "Send the bodies of messages, too");

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand("webhooks", "Show, create and test the reporting webhooks that 'sluice serve' takes", """
            For example: sluice webhooks create https://data.example.com/hooks/main
                         sluice webhooks test https://data.example.com/hooks/main
            """);
        var list = Part("list", "Show the reporting webhooks of the workspace", host, log, ListAsync);
        list.Add(_json);
        command.Add(list);
        var create = Part("create", "Create a reporting webhook that sends to an address", host, log, CreateAsync);
        create.Add(_address);
        create.Add(_name);
        create.Add(_events);
        create.Add(_everyTime);
        create.Add(_withContent);
        command.Add(create);
        var test = Part("test", "Sign an event of Sluice's own, send it to an address, and tell the answer", host, log, TestAsync);
        test.Add(_address);
        command.Add(test);
        return command;
    }

    private Command Part(string name, string description, CommandHost host, LogOptions log, Func<CommandRun, Task<int>> work)
    {
        var part = new Command(name, description);
        _workspace.AddTo(part);
        CommandRun.Action(part, host, log, work);
        return part;
    }

    private async Task<int> ListAsync(CommandRun run)
    {
        var mistakes = new ValidationErrors();
        var source = _workspace.Read(run, mistakes);
        mistakes.ThrowIfAny();
        using var client = SourceOptions.Open(source!, run);
        var webhooks = await ReportingWebhooks.ListAsync(client, run.Cancel);
        await run.Host.Out.WriteAsync(run.Flags.IsOn(_json) ? WebhooksView.Json(webhooks) : WebhooksView.Text(webhooks));
        return ExitCode.Done;
    }

    private async Task<int> CreateAsync(CommandRun run)
    {
        var mistakes = new ValidationErrors();
        var source = _workspace.Read(run, mistakes);
        var address = Address(run, mistakes);
        var events = Events(run, mistakes);
        mistakes.ThrowIfAny();
        using var client = SourceOptions.Open(source!, run);
        var name = run.Flags.Text(_name) ?? "sluice";
        if ((await ReportingWebhooks.ListAsync(client, run.Cancel)).FirstOrDefault(one => IsSame(one.Endpoint, address!)) is { } there)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"The webhook {there.Id} ({VisibleText.Line(there.Name)}) sends to {there.ShownEndpoint} already: nothing was created.",
                "Every event would come twice. Change it in Customer.io under Integrations > Reporting Webhooks, or name another address.");
        }

        var made = await ReportingWebhooks.CreateAsync(
            client,
            new ReportingWebhook
            {
                Name = name,
                Endpoint = address!.ToString(),
                Events = events,
                IsEveryTime = run.Flags.IsOn(_everyTime),
                WithContent = run.Flags.IsOn(_withContent),
            },
            run.Cancel);
        await run.Host.Out.WriteAsync(WebhooksView.Created(made, source!.Client.WebhookSigningKey is not null));
        return ExitCode.Done;
    }

    private async Task<int> TestAsync(CommandRun run)
    {
        var mistakes = new ValidationErrors();
        var source = _workspace.Read(run, mistakes);
        var address = Address(run, mistakes);
        if (source is { Client.WebhookSigningKey: null })
        {
            mistakes.Add(
                "The signing key of the workspace's webhooks is not known.",
                "Set CUSTOMERIO_WEBHOOK_SIGNING_KEY, or webhook_signing_key of the workspace in the pipeline file and name it with --workspace.");
        }

        mistakes.ThrowIfAny();
        var (code, took) = await SendAsync(address!, source!.Client.WebhookSigningKey!, run);
        var isTaken = code == HttpStatusCode.OK;
        await run.Host.Out.WriteAsync(WebhooksView.Tested(address!, code, took));
        return isTaken ? ExitCode.Done : ExitCode.Destination;
    }

    // An event that no message has: it is kept in webhook_events, and changes no delivery.
    private static async Task<(HttpStatusCode Code, TimeSpan Took)> SendAsync(Uri address, string key, CommandRun run)
    {
        var now = run.Host.Time.GetUtcNow();
        var at = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var sent = new JsonObject
        {
            ["event_id"] = $"sluice-test-{Guid.NewGuid():N}",
            ["object_type"] = "sluice",
            ["metric"] = "tested",
            ["timestamp"] = now.ToUnixTimeSeconds(),
            ["data"] = new JsonObject { ["note"] = "sent by 'sluice webhooks test'" },
        };
        var body = Encoding.UTF8.GetBytes(sent.ToJsonString());
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { Timeout = Patience };
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TryAddWithoutValidation(WebhookSignature.TimestampHeader, at);
        request.Headers.TryAddWithoutValidation(WebhookSignature.SignatureHeader, WebhookSignature.Of(key, at, body));
        var began = run.Host.Time.GetTimestamp();
        try
        {
            using var response = await http.SendAsync(request, run.Cancel);
            return (response.StatusCode, run.Host.Time.GetElapsedTime(began));
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !run.Cancel.IsCancellationRequested)
        {
            throw new SluiceException(
                SluiceErrorKind.Destination,
                $"{Shown(address)} can't be reached: {error.Message}",
                "Is 'sluice serve' running there, and does the way from outside lead to it? Customer.io waits four seconds.",
                error);
        }
    }

    private Uri? Address(CommandRun run, ValidationErrors mistakes)
    {
        if (run.Flags.Argument(_address) is not { } text)
        {
            mistakes.Add("There is no address.", "As in https://data.example.com/hooks/main.");
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "https" or "http")
        {
            if (address.AbsolutePath.StartsWith("/hooks/", StringComparison.Ordinal) && address.AbsolutePath.Length > "/hooks/".Length)
            {
                return address;
            }

            mistakes.Add(
                $"{Shown(address)} is no address of 'sluice serve': its webhooks are at /hooks/ and the name of the workspace.",
                $"As in {new Uri(address, "/hooks/main")}.");
            return null;
        }

        mistakes.Add("The address is no http address.", "As in https://data.example.com/hooks/main.");
        return null;
    }

    private IReadOnlyList<string> Events(CommandRun run, ValidationErrors mistakes)
    {
        var said = ColumnChoice.Names(run.Flags.List(_events)).ToList();
        foreach (var unknown in said.Where(name => !ReportingWebhooks.Events.Contains(name, StringComparer.Ordinal)))
        {
            mistakes.Add($"There is no event '{unknown}'.", Engine.Catalog.Suggestion.For(unknown, ReportingWebhooks.Events));
        }

        return said.Count > 0 ? said : ReportingWebhooks.Events;
    }

    private static bool IsSame(string endpoint, Uri address) => Uri.TryCreate(endpoint, UriKind.Absolute, out var other) && other == address;

    private static string Shown(Uri address) => address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}
