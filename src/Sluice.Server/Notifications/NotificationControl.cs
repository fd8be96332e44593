using Sluice.Engine;
using Sluice.Server.Control;
using Sluice.Server.Gate;
using Sluice.Server.Pipelines;
using Sluice.Server.Secrets;

namespace Sluice.Server.Notifications;

/// <summary>Tries the channels of a server by command, with its own pipeline, secrets and list of messages; the server need not be up.</summary>
public sealed class NotificationControl : IAsyncDisposable
{
    private readonly ControlDatabase _control;
    private readonly PipelineStore _pipelines;
    private readonly HttpDelivery _http;
    private readonly Deliveries _deliveries;

    private NotificationControl(ServerOptions options, ControlDatabase control)
    {
        var seal = new Seal(SealKeys.Read(options.Variables, options.WorkFolder, control.IsShared));
        var guard = new OutboundGuard(options);
        _control = control;
        _pipelines = new PipelineStore(options, control, new SecretStore(control, seal, options.Time));
        _http = new HttpDelivery(guard);
        _deliveries = new Deliveries(_pipelines, control, [new SlackSender(_http), new WebhookSender(_http), new MailSender(guard)], options);
    }

    /// <summary>Opens the database of a server.</summary>
    public static async Task<NotificationControl> OpenAsync(ServerOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        Engine.Runs.WorkFolder.Prepare(options.WorkFolder);
        return new NotificationControl(
            options, await ControlDatabase.OpenAsync(options.Control ?? ServerOptions.ControlFile(options.WorkFolder), options.Time, cancel));
    }

    /// <summary>Sends a test to a channel the way that all messages go.</summary>
    /// <exception cref="SluiceException">There is no such channel (kind Config), or it has not taken it (kind Destination).</exception>
    public async Task TestAsync(string channel, CancellationToken cancel)
    {
        if (await _deliveries.TestAsync(channel, cancel) is not { } row)
        {
            var names = (await _pipelines.ReadAsync(cancel)).File.Channels.Select(known => known.Name).ToList();
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"There is no channel '{channel}'.",
                names.Count == 0 ? "Channels are named below notifications: in the pipeline file." : $"There are {string.Join(", ", names)}.");
        }

        if (row.State != NotificationRow.Sent)
        {
            throw new SluiceException(
                SluiceErrorKind.Destination, $"The channel {channel} has not taken the test: {row.Answer}", AdviceFor(row.Answer!));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _control.DisposeAsync();
    }

    private static string? AdviceFor(string answer) => answer == "refused"
        ? "Is it up? An address in a private network is only connected to when --allow-private names the network, as in --allow-private 10.0.0.0/8."
        : null;
}
