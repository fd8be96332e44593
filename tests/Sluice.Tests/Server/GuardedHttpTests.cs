using System.Net;
using System.Net.Sockets;
using Sluice.Server.Outgoing;
using Xunit;

namespace Sluice.Tests.Server;

public sealed class GuardedHttpTests
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
    public void An_address_of_this_network_is_refused(string address) => Assert.False(new AddressRules([]).Allow(IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:8.8.8.8")]
    public void An_address_of_the_internet_is_allowed(string address) => Assert.True(new AddressRules([]).Allow(IPAddress.Parse(address)));

    [Fact]
    public void A_private_network_is_allowed_when_it_is_named_and_metadata_never()
    {
        var rules = new AddressRules([IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("fc00::/7")]);

        Assert.True(rules.Allow(IPAddress.Parse("10.1.2.3")));
        Assert.True(rules.Allow(IPAddress.Parse("::ffff:10.1.2.3")));
        Assert.False(rules.Allow(IPAddress.Parse("192.168.1.1")));
        Assert.False(rules.Allow(IPAddress.Parse("169.254.169.254")));
        Assert.False(rules.Allow(IPAddress.Parse("fd00:ec2::254")));
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
        using var client = new GuardedHttp(new AddressRules([]), Dns.GetHostAddressesAsync).NewClient();

        var error = await Assert.ThrowsAsync<HttpRequestException>(
            () => client.GetAsync(new Uri(string.Format(System.Globalization.CultureInfo.InvariantCulture, address, port)), ServerWorld.Cancel));

        Assert.Equal("The server may not connect to this address.", GuardedHttp.Describe(error));
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task The_address_is_looked_at_when_the_connection_is_made_and_once()
    {
        using var listener = Listen(out var port);
        var asked = 0;
        // A name that leads to the internet for a first look, and to this machine for the next.
        var guard = new GuardedHttp(
            new AddressRules([]),
            (_, _) => Task.FromResult(asked++ == 0 ? [IPAddress.Parse("127.0.0.1")] : new[] { IPAddress.Parse("192.0.2.1") }));
        using var client = guard.NewClient();

        var error = await Assert.ThrowsAsync<HttpRequestException>(
            () => client.GetAsync(new Uri($"http://rebinding.example:{port}/"), ServerWorld.Cancel));

        Assert.IsType<AddressRefusedException>(error.InnerException);
        Assert.Equal((1, false), (asked, listener.Pending()));
    }

    [Theory]
    [InlineData("metadata.google.internal")]
    [InlineData("METADATA.google.internal.")]
    public async Task The_names_of_metadata_are_refused_whatever_they_lead_to(string name)
    {
        using var client = new GuardedHttp(new AddressRules([]), (_, _) => throw new InvalidOperationException("asked")).NewClient();

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri($"http://{name}/"), ServerWorld.Cancel));

        Assert.IsType<AddressRefusedException>(error.InnerException);
    }

    [Fact]
    public async Task A_name_that_leads_here_and_there_is_refused()
    {
        IPAddress[] both = [IPAddress.Parse("192.0.2.1"), IPAddress.Loopback];
        using var client = new GuardedHttp(new AddressRules([]), (_, _) => Task.FromResult(both)).NewClient();

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://both.example/"), ServerWorld.Cancel));

        Assert.IsType<AddressRefusedException>(error.InnerException);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var world = await ServerWorld.StartAsync();
        using var client = new GuardedHttp(new AddressRules([IPNetwork.Parse("127.0.0.0/8")]), Dns.GetHostAddressesAsync).NewClient();

        using var answer = await client.GetAsync(new Uri(world.Address, "/"), ServerWorld.Cancel);

        Assert.Equal((HttpStatusCode.SeeOther, "/login"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task What_came_in_the_way_is_said_without_the_words_of_the_other_side()
    {
        int port;
        using (Listen(out port))
        {
        }

        using var client = new GuardedHttp(new AddressRules([IPNetwork.Parse("127.0.0.0/8")]), Dns.GetHostAddressesAsync).NewClient();
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri($"http://127.0.0.1:{port}/"), ServerWorld.Cancel));

        Assert.Equal("The connection was refused.", GuardedHttp.Describe(refused));
        Assert.Equal("There is no such name.", GuardedHttp.Describe(new HttpRequestException("x", new SocketException((int)SocketError.HostNotFound))));
        Assert.Equal("There was no answer in time.", GuardedHttp.Describe(new TaskCanceledException("x")));
        Assert.Equal("The connection failed.", GuardedHttp.Describe(new IOException("SSH-2.0-OpenSSH")));
    }

    private static TcpListener Listen(out int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return listener;
    }
}
