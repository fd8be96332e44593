using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sluice.Engine;
using Sluice.Server.Auth;
using Sluice.Tests.DuckDb;
using Xunit;

namespace Sluice.Tests.Server;

public sealed class TlsTests
{
    [Fact]
    public async Task With_a_certificate_and_a_user_it_listens_to_other_machines_and_a_new_certificate_is_used_at_once()
    {
        using var files = new TemporaryFolder();
        Write(files, "first");
        await using var world = await StartAsync(files);

        var first = await SubjectAsync(world);
        Write(files, "second");
        File.SetLastWriteTimeUtc(files.File("cert.pem"), DateTime.UnixEpoch.AddYears(70));
        var second = await SubjectAsync(world);
        File.WriteAllText(files.File("cert.pem"), "half");
        File.SetLastWriteTimeUtc(files.File("cert.pem"), DateTime.UnixEpoch.AddYears(71));
        var third = await SubjectAsync(world);

        Assert.Equal(("https", "CN=first", "CN=second", "CN=second"), (world.Address.Scheme, first, second, third));
    }

    [Theory]
    [InlineData(null, "key.pem", "--tls-certificate")]
    [InlineData("nothing.pem", "key.pem", "can't be read")]
    [InlineData("key.pem", "key.pem", "can't be read")]
    public async Task Without_a_certificate_that_can_be_read_it_does_not_start(string? certificate, string key, string words)
    {
        using var files = new TemporaryFolder();
        Write(files, "first");

        var error = await Assert.ThrowsAsync<SluiceException>(() => ServerWorld.StartAsync(options => options with
        {
            Listen = new Uri("https://127.0.0.1:0"),
            TlsCertificate = certificate is null ? null : files.File(certificate),
            TlsKey = files.File(key),
        }));

        Assert.Contains(words, error.Message + error.Hint, StringComparison.Ordinal);
    }

    private static Task<ServerWorld> StartAsync(TemporaryFolder files) => ServerWorld.StartAsync(
        options => options with
        {
            Listen = new Uri("https://0.0.0.0:0"),
            TlsCertificate = files.File("cert.pem"),
            TlsKey = files.File("key.pem"),
            PublicUrl = new Uri("https://sluice.example.com"),
        },
        (control, _) => ServerWorld.AddUserAsync(control, "ada", Role.Admin));

    private static async Task<string> SubjectAsync(ServerWorld world)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, world.Address.Port, ServerWorld.Cancel);
        await using var secure = new SslStream(socket.GetStream());
        var subject = "";
        await secure.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "sluice.example.com",
                RemoteCertificateValidationCallback = (_, certificate, _, _) => (subject = certificate!.Subject).Length > 0,
            },
            ServerWorld.Cancel);
        return subject;
    }

    private static void Write(TemporaryFolder files, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(files.File("key.pem"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(files.File("cert.pem"), certificate.ExportCertificatePem());
    }
}
