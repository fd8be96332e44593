using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Sluice.Engine;

namespace Sluice.Destinations.Files.ObjectStores;

/// <summary>Says in words what S3 objects to. What it answers is told only by its code: the whole text can hold parts of the key.</summary>
internal sealed class S3Errors(string bucket, string? endpoint)
{
    private const string Kept = "What was fetched is kept: run the same command again.";

    private string Place => endpoint is null ? $"s3://{bucket}" : $"s3://{bucket} at {endpoint}";

    public async Task<T> TryAsync<T>(string doing, string right, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (error is AmazonClientException or AmazonServiceException or HttpRequestException or IOException or WebException)
        {
            throw Of(error, doing, right);
        }
        catch (OperationCanceledException error) when (error.InnerException is TimeoutException)
        {
            throw Of(error, doing, right);
        }
    }

    public SluiceException Of(Exception error, string doing, string right)
    {
        var (message, hint, isTransient) = error switch
        {
            AmazonS3Exception refused => Explain(refused, right),
            AmazonServiceException refused when refused.StatusCode != default => (
                $"it answers {(int)refused.StatusCode} {refused.ErrorCode}",
                Kept,
                IsServerError(refused.StatusCode)),
            AmazonClientException when IsAboutCredentials(error) => (
                "no credentials were found",
                "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN), name a profile in AWS_PROFILE, or run where a role is " +
                    "given.",
                false),
            AmazonClientException when error.Message.Contains("region", StringComparison.OrdinalIgnoreCase) => (
                "no region is known",
                $"Add it to the address: s3://{bucket}/prefix?region=eu-central-1, or set AWS_REGION.",
                false),
            _ => (
                $"there is no answer ({Innermost(error).Message})",
                $"Check the network{(endpoint is null ? "" : $" and the endpoint {endpoint}")}. {Kept}",
                true),
        };
        return new SluiceException(SluiceErrorKind.Destination, $"{Capital(doing)} in {Place} failed: {message}.", hint, error)
        {
            IsTransient = isTransient,
        };
    }

    /// <summary>The error for an object that is not what was sent.</summary>
    public SluiceException OtherContent(string key, string what) => new(
        SluiceErrorKind.Destination,
        $"{Place} does not keep what it is given: {key} has {what}.",
        "What was fetched is kept. Something on the way changes bodies, such as a gateway or a proxy: give the endpoint of the store itself.");

    private (string Message, string Hint, bool IsTransient) Explain(AmazonS3Exception error, string right) =>
        error.ErrorCode switch
        {
            "NoSuchBucket" => ("there is no such bucket", $"Make it: aws s3 mb s3://{bucket}, or name another one.", false),
            "InvalidAccessKeyId" => ("the access key is not known", "Check AWS_ACCESS_KEY_ID, or the profile in AWS_PROFILE.", false),
            "SignatureDoesNotMatch" => ("the secret key is wrong", "Check AWS_SECRET_ACCESS_KEY.", false),
            "ExpiredToken" or "TokenRefreshRequired" => ("the session's token has expired", "Get a new one and run the same command again.", false),
            "AccessDenied" or "Forbidden" => (
                "access is denied",
                $"Allow the action {right} on arn:aws:s3:::{bucket}{(right == "s3:ListBucket" ? "" : "/*")} for this key.",
                false),
            "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" => (
                "the bucket is in another region",
                $"Name it in the address: s3://{bucket}/prefix?region=eu-central-1",
                false),
            "RequestTimeTooSkewed" => ("the clock of this machine is wrong", "Set it right.", false),
            "NoSuchKey" => ("the object is gone", "Put back objects that were removed, or read the table again with --full-refresh.", false),
            _ when error.StatusCode == HttpStatusCode.Forbidden => (
                "access is denied",
                $"Allow the action {right} on arn:aws:s3:::{bucket}/* for this key.",
                false),
            _ when error.StatusCode == default => ($"there is no answer ({Innermost(error).Message})", $"Check the network. {Kept}", true),
            _ => ($"it answers {(int)error.StatusCode} {error.ErrorCode}", Kept, IsServerError(error.StatusCode)),
        };

    private static bool IsServerError(HttpStatusCode code) =>
        (int)code >= 500 || code is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout;

    private static bool IsAboutCredentials(Exception error) => error.Message.Contains("credentials", StringComparison.OrdinalIgnoreCase);

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
