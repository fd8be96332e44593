using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Sluice.CustomerIo;
using Xunit;

namespace Sluice.Tests.CustomerIo;

public sealed class HttpVersionTests
{
    [Theory]
    [InlineData("2.0", HttpProtocols.Http1AndHttp2, "HTTP/2")]
    [InlineData("2.0", HttpProtocols.Http1, "HTTP/1.1")]
    [InlineData("1.1", HttpProtocols.Http1AndHttp2, "HTTP/1.1")]
    public async Task The_version_is_negotiated_over_TLS(string version, HttpProtocols offered, string spoken)
    {
        using X509Certificate2 certificate = Certificate();
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            listen =>
            {
                listen.Protocols = offered;
                listen.UseHttps(certificate);
            },
            Replies.Json("{}"));
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetCertHashString() == certificate.GetCertHashString(),
            },
        };
        using var client = new CustomerIoClient(Clients.Options(server) with { HttpVersion = Version.Parse(version) }, new InstantTime(), handler);
        await client.SendAsync(ApiRequest.Get("/v1/campaigns"));
        Assert.Equal(spoken, server.Requests[0].Protocol);
    }

    [Fact]
    public async Task An_untrusted_certificate_is_told_at_once()
    {
        using X509Certificate2 certificate = Certificate();
        await using ScriptedServer server = await ScriptedServer.StartAsync(listen => listen.UseHttps(certificate), Replies.Json("{}"));
        using CustomerIoClient client = Clients.For(server);
        CustomerIoException error = await client.FailsAsync(ApiRequest.Get("/v1/campaigns"));
        Assert.Equal(CustomerIoErrorKind.Network, error.Kind);
        Assert.Contains("certificate", error.Hint, StringComparison.Ordinal);
        Assert.Equal(1, client.Statistics.Requests);
    }

    [Fact]
    public async Task A_connection_is_kept_for_the_next_request()
    {
        var ports = new HashSet<int>();
        await using ScriptedServer server = await ScriptedServer.StartAsync(context =>
        {
            ports.Add(context.Connection.RemotePort);
            return Replies.Json("{}")(context);
        });
        using CustomerIoClient client = Clients.For(server);
        for (int i = 0; i < 3; i++)
        {
            await client.SendAsync(ApiRequest.Get("/v1/campaigns"));
        }

        Assert.Single(ports);
    }

    private static X509Certificate2 Certificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null);
    }
}
