using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sluice.ServerTests.Servers;

/// <summary>A mail server (npm smtp-server behind node/mail-server.mjs), with a login over STARTTLS or with neither.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    public const string User = "sluice@example.com";
    public const string Password = "p@ss:w/rd 100%";

    private readonly ServerProcess _process;
    private readonly string _folder;

    private MailServer(ServerProcess process, string folder, int port) => (_process, _folder, Port) = (process, folder, port);

    public int Port { get; }

    /// <summary>The certificate, which nobody vouches for but itself.</summary>
    public string CertificateFile => Path.Combine(_folder, "certificate.pem");

    /// <summary>Why this machine can't have the server, or null.</summary>
    public static string? Missing() => NodeServer.Missing("smtp-server", "smtp-server");

    public static async Task<MailServer> StartAsync(bool wantsLogin)
    {
        var folder = Directory.CreateTempSubdirectory("sluice-mail-").FullName;
        WriteCertificate(folder);
        string[] settings = wantsLogin ? [$"MAIL_USER={User}", $"MAIL_PASSWORD={Password}"] : [];
        var (process, port) = await NodeServer.StartAsync(
            folder, "Mail server listens on", ["env", .. settings, "node", ServerProcess.Source("node/mail-server.mjs"), folder]);
        return new MailServer(process, folder, port);
    }

    /// <summary>A mail that was taken, with its head.</summary>
    public string Mail(int number) => File.ReadAllText(Path.Combine(_folder, $"mail-{number}.eml"));

    /// <summary>From whom to whom each mail went, and who had logged in, as JSON.</summary>
    public IReadOnlyList<string> Envelopes() =>
        File.Exists(Path.Combine(_folder, "envelopes.jsonl")) ? File.ReadAllLines(Path.Combine(_folder, "envelopes.jsonl")) : [];

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static void WriteCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(Path.Combine(folder, "certificate.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
