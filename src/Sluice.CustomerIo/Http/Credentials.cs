using System.Net.Http.Headers;
using System.Text;

namespace Sluice.CustomerIo.Http;

internal sealed class Credentials(CustomerIoOptions options)
{
    private readonly AuthenticationHeaderValue _app = new("Bearer", options.AppApiKey);

    private readonly AuthenticationHeaderValue? _track = string.IsNullOrEmpty(options.TrackApiKey)
        ? null
        : new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.SiteId}:{options.TrackApiKey}")));

    /// <summary>The header for a request; null for one that needs none.</summary>
    /// <exception cref="CustomerIoException">There is no Track API key.</exception>
    public AuthenticationHeaderValue? For(ApiRequest request, string endpoint)
    {
        const string Hint = "Set the site id and the Track API key (Settings > API Credentials > Track API Keys).";
        return request switch
        {
            { IsAnonymous: true } => null,
            { Target: ApiTarget.App } => _app,
            _ => _track
                ?? throw new CustomerIoException(
                    CustomerIoErrorKind.Unauthorized, endpoint, $"{endpoint} was not sent: there is no Track API key. {Hint}")
                {
                    Hint = Hint,
                },
        };
    }
}
