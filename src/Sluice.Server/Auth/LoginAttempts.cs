using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace Sluice.Server.Auth;

/// <summary>
/// Bounds how often passwords can be tried: for an account from one address, for one address over all accounts, and for an account from everywhere,
/// which is wide so that strangers can't lock somebody out easily.
/// </summary>
internal sealed class LoginAttempts : IDisposable
{
    public const int OfAccountAndAddress = 5;
    public const int OfAddress = 20;
    public const int OfAccount = 100;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<(string Account, string Address)> _limiter = PartitionedRateLimiter.CreateChained(
        Limiter(attempt => $"{attempt.Account} {attempt.Address}", OfAccountAndAddress),
        Limiter(attempt => attempt.Address, OfAddress),
        Limiter(attempt => attempt.Account, OfAccount));

    /// <summary>Whether one more try is allowed.</summary>
    public bool MayTry(string account, IPAddress? address)
    {
        using var lease = _limiter.AttemptAcquire((account.Trim().ToLowerInvariant(), Network(address)));
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();

    private static PartitionedRateLimiter<(string Account, string Address)> Limiter(Func<(string Account, string Address), string> part, int most) =>
        PartitionedRateLimiter.Create<(string Account, string Address), string>(attempt => RateLimitPartition.GetFixedWindowLimiter(
            part(attempt), _ => new FixedWindowRateLimiterOptions { PermitLimit = most, Window = Window }));

    // Who has one address of IPv6 has all of its network.
    private static string Network(IPAddress? address)
    {
        var plain = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return plain is { AddressFamily: AddressFamily.InterNetworkV6 } ? Convert.ToHexString(plain.GetAddressBytes()[..8]) : $"{plain}";
    }
}
