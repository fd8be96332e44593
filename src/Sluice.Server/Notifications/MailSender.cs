using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Sluice.Server.Gate;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Notifications;

/// <summary>Sends mail by the server of the channel's address; a password goes over an encrypted connection only.</summary>
internal sealed class MailSender(OutboundGuard guard) : IChannelSender
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public ChannelKind Kind => ChannelKind.Email;

    public async Task<DeliveryAnswer> SendAsync(PipelineChannel channel, ChannelMessage message, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            await SendAsync(new Uri(channel.Address!), Compose(channel, message), patience.Token);
            return DeliveryAnswer.Taken("taken by the mail server");
        }
        catch (Exception error) when (Reason(error) is { } answer)
        {
            return answer;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return DeliveryAnswer.Later("timed out");
        }
    }

    private async Task SendAsync(Uri server, MimeMessage mail, CancellationToken cancel)
    {
        var isEncrypted = server.Scheme == "smtps";
        var port = server.Port > 0 ? server.Port : isEncrypted ? 465 : 587;
        var login = server.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString).ToList();
        using var client = new SmtpClient { Timeout = (int)Patience.TotalMilliseconds };
        await using var stream = await guard.ConnectWithinAsync(new DnsEndPoint(server.Host, port), cancel);
        var security = isEncrypted ? SecureSocketOptions.SslOnConnect
            : server.UserInfo.Length > 0 ? SecureSocketOptions.StartTls
            : SecureSocketOptions.StartTlsWhenAvailable;
        await client.ConnectAsync(stream, server.Host, port, security, cancel);
        if (login is [var user, var password])
        {
            await client.AuthenticateAsync(user, password, cancel);
        }

        await client.SendAsync(mail, cancel);
        await client.DisconnectAsync(quit: true, cancel);
    }

    private static MimeMessage Compose(PipelineChannel channel, ChannelMessage message)
    {
        var mail = new MimeMessage
        {
            Subject = message.Subject,
            Date = message.SentAt,
            MessageId = $"{message.Id}@{channel.From!.Split('@')[1]}",
            Body = new TextPart("plain") { Text = message.Body + "\n" },
        };
        mail.From.Add(new MailboxAddress("Sluice", channel.From));
        mail.To.AddRange(channel.To.Select(address => new MailboxAddress("", address)));
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        return mail;
    }

    // Nothing of what the other side has written: the address may be that of something else than a mail server.
    private static DeliveryAnswer? Reason(Exception error) => error switch
    {
        AuthenticationException => DeliveryAnswer.Refused("the mail server refused the login"),
        SmtpCommandException refused => Of((int)refused.StatusCode),
        SslHandshakeException => DeliveryAnswer.Later("no secure connection: the certificate won't do"),
        NotSupportedException => DeliveryAnswer.Refused("the mail server offers no encryption, or no login"),
        ProtocolException => DeliveryAnswer.Later("no mail server answered"),
        SocketException { SocketErrorCode: SocketError.TimedOut } => DeliveryAnswer.Later("timed out"),
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
            DeliveryAnswer.Later("no such host"),
        IOException or SocketException or HttpRequestException => DeliveryAnswer.Later("refused"),
        _ => null,
    };

    private static DeliveryAnswer Of(int code)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"SMTP {code}");
        return code >= 500 ? DeliveryAnswer.Refused(text) : DeliveryAnswer.Later(text);
    }
}
