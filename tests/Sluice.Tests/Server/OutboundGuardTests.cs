using System.Net;
using System.Net.Sockets;
using Sluice.Server;
using Sluice.Server.Gate;
using Sluice.Server.Notifications;
using Xunit;

namespace Sluice.Tests.Server;

public sealed class OutboundGuardTests
{
    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("100.100.100.200")]
    [InlineData("168.63.129.16")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::169.254.169.254")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("2002:7f00:1::")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fd12:3456::1")]
    [InlineData("ff02::1")]
    public void An_address_of_this_network_is_refused(string address) => Assert.False(Guard().Allows(IPAddress.Parse(address), mayBePrivate: false));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:8.8.8.8")]
    public void An_address_of_the_internet_is_allowed(string address) => Assert.True(Guard().Allows(IPAddress.Parse(address), mayBePrivate: false));

    [Fact]
    public void A_private_network_is_allowed_when_it_is_named_and_metadata_never()
    {
        var rules = Guard("10.0.0.0/8", "169.254.0.0/16", "fc00::/7");

        Assert.True(rules.Allows(IPAddress.Parse("10.1.2.3"), mayBePrivate: false));
        Assert.True(rules.Allows(IPAddress.Parse("::ffff:10.1.2.3"), mayBePrivate: false));
        Assert.False(rules.Allows(IPAddress.Parse("192.168.1.1"), mayBePrivate: false));
        Assert.False(rules.Allows(IPAddress.Parse("169.254.169.254"), mayBePrivate: false));
        Assert.False(rules.Allows(IPAddress.Parse("fd00:ec2::254"), mayBePrivate: false));
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://0x7f.1:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://0.0.0.0:{0}/")]
    public async Task However_this_machine_is_written_it_gets_no_connection(string address)
    {
        using var listener = Listen(out var port);
        using var delivery = new HttpDelivery(Guard());

        var answer = await delivery.PostAsync(address.Replace("{0}", $"{port}", StringComparison.Ordinal), [], [], ServerWorld.Cancel);

        Assert.Equal("refused", answer.Text);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task The_address_is_looked_at_when_the_connection_is_made_and_once()
    {
        using var listener = Listen(out var port);
        var asked = 0;
        // A name that leads to the internet for a first look, and to this machine for the next.
        var guard = new OutboundGuard(OptionsOf())
        {
            Resolve = (_, _) => Task.FromResult(asked++ == 0 ? [IPAddress.Loopback] : new[] { IPAddress.Parse("192.0.2.1") }),
        };

        await RefusedAsync(guard, "rebinding.example", port);

        Assert.Equal((1, false), (asked, listener.Pending()));
    }

    [Theory]
    [InlineData("metadata.google.internal")]
    [InlineData("METADATA.google.internal.")]
    public async Task The_names_of_metadata_are_refused_whatever_they_lead_to(string name)
    {
        var guard = new OutboundGuard(OptionsOf()) { Resolve = (_, _) => throw new InvalidOperationException("It was asked for.") };

        await RefusedAsync(guard, name, 80);
    }

    [Fact]
    public async Task A_name_that_leads_here_and_there_is_refused()
    {
        IPAddress[] both = [IPAddress.Parse("192.0.2.1"), IPAddress.Loopback];

        await RefusedAsync(new OutboundGuard(OptionsOf()) { Resolve = (_, _) => Task.FromResult(both) }, "both.example", 80);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_no_word_of_the_answer_is_repeated()
    {
        await using var world = await ServerWorld.StartAsync();
        using var delivery = new HttpDelivery(Guard("127.0.0.0/8"));

        // This very server: it sends strangers to its login.
        var answer = await delivery.PostAsync(new Uri(world.Address, "/logout").ToString(), [], [], ServerWorld.Cancel);

        Assert.Equal("HTTP 303: redirects are not followed", answer.Text);
    }

    private static async Task RefusedAsync(OutboundGuard guard, string host, int port)
    {
        var error = await Assert.ThrowsAsync<SocketException>(async () => await guard.ConnectAsync(new DnsEndPoint(host, port), ServerWorld.Cancel));
        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
    }

    private static OutboundGuard Guard(params string[] allowed) => new(OptionsOf(allowed));

    private static ServerOptions OptionsOf(params string[] allowed) => new()
    {
        Folder = "/nowhere",
        WorkFolder = "/nowhere",
        AllowPrivate = [.. allowed.Select(network => IPNetwork.Parse(network))],
        Variables = _ => null,
        OpenClient = (_, _) => throw new InvalidOperationException("Nothing is asked of Customer.io."),
    };

    private static TcpListener Listen(out int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return listener;
    }
}
