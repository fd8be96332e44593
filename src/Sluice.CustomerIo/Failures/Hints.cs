namespace Sluice.CustomerIo.Failures;

/// <summary>What to do about a status.</summary>
internal static class Hints
{
    public static string? For(int status, ApiTarget target, CustomerIoRegion region) => status switch
    {
        401 => Unauthorized(target, region),
        403 => "The key is known but may not do this: give it the scope in Account Settings > API Credentials.",
        404 => "It does not exist, was deleted meanwhile, or is named with another id type (id, email, phone, cio_id).",
        429 => "Another program may use the same workspace's limit: lower the requests per second or try later.",
        >= 500 => "Customer.io has a problem: try again later.",
        >= 300 and < 400 => "Redirects are not followed, because they would take the key to another host: correct the base address.",
        _ => null,
    };

    private static string Unauthorized(ApiTarget target, CustomerIoRegion region)
    {
        (string here, string other) = region == CustomerIoRegion.Eu ? ("eu", "us") : ("us", "eu");
        return target == ApiTarget.Track
            ? $"Check the site id, the Track API key and the region: it is {here}, try region={other} if the account lives there."
            : $"Check the App API key (not a Track key), its scopes and the region: it is {here}, try region={other} if the account lives there.";
    }
}
