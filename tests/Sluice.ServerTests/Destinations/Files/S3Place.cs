using Sluice.ServerTests.Servers;
using Xunit;

namespace Sluice.ServerTests.Destinations.Files;

/// <summary>An empty bucket.</summary>
public sealed class S3Place : ServerPlace
{
    private readonly S3Server _server;
    private readonly string _options;

    private S3Place(S3Server server, S3Bucket bucket, string options) => (_server, Bucket, _options) = (server, bucket, options);

    /// <summary>The bucket, for another client.</summary>
    public S3Bucket Bucket { get; }

    public override string Uri => $"s3://{Bucket.Name}/lake/raw?endpoint={_server.Endpoint}&region={S3Server.Region}{_options}";

    public override int Port => _server.Port;

    public override IReadOnlyDictionary<string, string> Environment { get; } = Keys(S3Server.Key, S3Server.Secret);

    public override (string Uri, IReadOnlyDictionary<string, string> Environment) WrongPassword => (Uri, Keys(S3Server.Key, "not-the-password"));

    public override IReadOnlyList<string> Secrets { get; } = [S3Server.Secret, "not-the-password"];

    public static async ValueTask<DestinationPlace> NewAsync(string options)
    {
        var server =
            await TestContext.Current.GetFixture<S3Server>() ?? throw new InvalidOperationException("The server is a fixture of the assembly.");
        foreach (var (name, value) in Keys(S3Server.Key, S3Server.Secret))
        {
            System.Environment.SetEnvironmentVariable(name, value);
        }

        return new S3Place(server, await server.NewBucketAsync(), options);
    }

    public override Task<(string Uri, IReadOnlyDictionary<string, string> Environment)?> PowerlessAsync() =>
        Task.FromResult<(string, IReadOnlyDictionary<string, string>)?>((Uri, Keys(S3Server.ReaderKey, S3Server.ReaderSecret)));

    private static Dictionary<string, string> Keys(string id, string secret) =>
        new(StringComparer.Ordinal) { ["AWS_ACCESS_KEY_ID"] = id, ["AWS_SECRET_ACCESS_KEY"] = secret, ["AWS_EC2_METADATA_DISABLED"] = "true" };
}
