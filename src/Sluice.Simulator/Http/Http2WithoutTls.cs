using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Sluice.Simulator.Http;

/// <summary>
/// Lets HTTP/1.1 and HTTP/2 without TLS share a port: Kestrel picks HTTP/2 only after a TLS handshake,
/// so a connection that starts with the HTTP/2 preface gets the features that such a handshake would have set.
/// </summary>
internal static class Http2WithoutTls
{
    public static ConnectionDelegate Detect(ConnectionDelegate next) => async connection =>
    {
        if (await StartsWithPreface(connection.Transport.Input, connection.ConnectionClosed))
        {
            connection.Features.Set<ITlsConnectionFeature>(new NoCertificate());
            connection.Features.Set<ITlsApplicationProtocolFeature>(new Http2Protocol());
        }

        await next(connection);
    };

    private static async Task<bool> StartsWithPreface(PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await input.ReadAsync(cancellationToken);
            var enough = result.Buffer.Length >= 4 || result.IsCompleted;
            var found = enough && IsPreface(result.Buffer);
            input.AdvanceTo(result.Buffer.Start, enough ? result.Buffer.Start : result.Buffer.End);
            if (enough)
            {
                return found;
            }
        }
    }

    private static bool IsPreface(ReadOnlySequence<byte> buffer)
        => buffer.Length >= 4 && buffer.Slice(0, 4).ToArray().AsSpan().SequenceEqual("PRI "u8);

    private sealed class Http2Protocol : ITlsApplicationProtocolFeature
    {
        public ReadOnlyMemory<byte> ApplicationProtocol { get; } = "h2"u8.ToArray();
    }

    private sealed class NoCertificate : ITlsConnectionFeature
    {
        public System.Security.Cryptography.X509Certificates.X509Certificate2? ClientCertificate { get; set; }

        public Task<System.Security.Cryptography.X509Certificates.X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken)
            => Task.FromResult(ClientCertificate);
    }
}
