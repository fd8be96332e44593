using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Sluice.Engine;

namespace Sluice.Server.Gate;

/// <summary>The certificate of a server, from files that whoever renews it replaces: it is read again when they have changed.</summary>
internal sealed class TlsFile
{
    private readonly string _certificate;
    private readonly string _key;
    private readonly Lock _gate = new();
    private (DateTime Mark, SslStreamCertificateContext Read) _last;

    /// <exception cref="SluiceException">The files can't be read (kind Config).</exception>
    public TlsFile(ServerOptions options)
    {
        if (options.TlsCertificate is not { } certificate || options.TlsKey is not { } key)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"{options.Listen.GetLeftPart(UriPartial.Authority)} needs a certificate and its key.",
                "Name both files, as in --tls-certificate fullchain.pem --tls-key privkey.pem.");
        }

        (_certificate, _key) = (Path.Combine(options.Folder, certificate), Path.Combine(options.Folder, key));
        try
        {
            _last = (Mark, Read());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"The certificate can't be read: {error.Message}",
                "--tls-certificate and --tls-key take files in the PEM format; the key has no password.",
                error);
        }
    }

    /// <summary>The certificate as it is now; the one before, while a new one is only half there.</summary>
    public SslStreamCertificateContext Current(ILogger log)
    {
        lock (_gate)
        {
            try
            {
                if (Mark != _last.Mark)
                {
                    _last = (Mark, Read());
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
            {
                log.LogWarning("The new certificate can't be read, the one before goes on being used: {Error}", error.Message);
                _last = (Mark, _last.Read);
            }

            return _last.Read;
        }
    }

    private DateTime Mark => new[] { _certificate, _key }.Max(File.GetLastWriteTimeUtc);

    private SslStreamCertificateContext Read()
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(_certificate);
        // Those above it are sent along as the file has them: nothing is fetched.
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(_certificate, _key), all, offline: true);
    }
}
