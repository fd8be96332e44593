namespace Sluice.CustomerIo;

/// <summary>Which of Customer.io's two APIs a request goes to: they differ in host, credentials and rate limit.</summary>
public enum ApiTarget
{
    /// <summary>The App API: reads and management, bearer key, 10 requests a second for the whole workspace.</summary>
    App,

    /// <summary>The Track API: people, events and objects coming in, basic authentication with site id and key.</summary>
    Track,
}
