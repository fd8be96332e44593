using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Sluice.Engine;
using Sluice.Server;

namespace Sluice.Cli.Commands;

/// <summary>Where a server listens, and what it believes of those before it.</summary>
internal sealed class ServeAddressOptions
{
    private readonly Option<string?> _listen = Flag.Text(
        "--listen", "URL", $"Where to listen [default: {ServerOptions.DefaultListen.GetLeftPart(UriPartial.Authority)}]");

    private readonly Option<string?> _certificate = Flag.Text(
        "--tls-certificate", "FILE", "The certificate, and those above it, for --listen https://…; read again when it has changed");

    private readonly Option<string?> _key = Flag.Text("--tls-key", "FILE", "The certificate's key, without a password");

    private readonly Option<string?> _publicUrl = Flag.Text(
        "--public-url", "URL", "The address that people type, if it is another one: requests for other names are refused");

    private readonly Option<string[]> _behindProxy = Flag.Several(
        "--behind-proxy", "CIDR", "The network of the proxy before the server, as 10.0.0.0/8: it is believed when it says from where a request is");

    private readonly Option<string[]> _allowPrivate = Flag.Several(
        "--allow-private",
        "CIDR",
        "A private network to which notifications and addresses that are typed into a page may lead, as 10.0.0.0/8 [default: none]");

    private readonly Option<string?> _files = Flag.Text(
        "--files", "FOLDER", "The folder for files that are set in the browser [default: this one, or none if other machines reach the server]");

    public void AddTo(Command command)
    {
        // Where the server is, those who print an address need to know as well, and where messages may go, those who try it.
        (_listen.Recursive, _allowPrivate.Recursive) = (true, true);
        foreach (Option option in new Option[] { _listen, _certificate, _key, _publicUrl, _behindProxy, _allowPrivate, _files })
        {
            command.Add(option);
        }
    }

    /// <summary>Where the server listens; notes what is wrong with it.</summary>
    public Uri Listen(Flags flags, ValidationErrors mistakes)
    {
        if (flags.Text(_listen) is not { } text)
        {
            return ServerOptions.DefaultListen;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", PathAndQuery: "/" })
        {
            return address;
        }

        mistakes.Add($"'{text}' is no address to listen on.", "As in --listen http://127.0.0.1:4780.");
        return ServerOptions.DefaultListen;
    }

    /// <summary>Where the server of this folder is: as it is said, or as the server has noted it.</summary>
    public Uri Reached(CommandRun run, ValidationErrors mistakes)
    {
        var said = Listen(run.Flags, mistakes);
        return run.Flags.Text(_listen) is null
            ? SluiceServer.AddressOf(Path.Combine(run.Host.Folder, run.Host.Settings.WorkFolder)) ?? said
            : said;
    }

    public ServerOptions Read(Flags flags, ServerOptions options, ValidationErrors mistakes) => options with
    {
        Listen = Listen(flags, mistakes),
        TlsCertificate = flags.Text(_certificate),
        TlsKey = flags.Text(_key),
        PublicUrl = PublicUrl(flags.Text(_publicUrl), mistakes),
        BehindProxy = Networks(_behindProxy, flags, mistakes),
        AllowPrivate = Networks(_allowPrivate, flags, mistakes),
        Files = flags.Text(_files),
    };

    private static Uri? PublicUrl(string? text, ValidationErrors mistakes)
    {
        if (text is null)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", PathAndQuery: "/" })
        {
            return address;
        }

        mistakes.Add($"'{text}' is no address that people could type.", "As in --public-url https://sluice.example.com.");
        return null;
    }

    private static List<IPNetwork> Networks(Option<string[]> option, Flags flags, ValidationErrors mistakes)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in flags.List(option)
            .SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            if (IPNetwork.TryParse(text, out var network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(text, out var address))
            {
                networks.Add(new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128));
            }
            else
            {
                mistakes.Add($"'{text}' is no network.", $"As in {option.Name} 10.0.0.0/8, or {option.Name} 10.0.0.7 for one address.");
            }
        }

        return networks;
    }
}
