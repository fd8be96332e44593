using Sluice.ServerTests.Servers;
using Xunit;

namespace Sluice.ServerTests.Destinations.Files;

/// <summary>An empty container.</summary>
public sealed class AzurePlace : ServerPlace
{
    private readonly AzuriteServer _server;
    private readonly string _options;

    private AzurePlace(AzuriteServer server, AzureContainer container, string options) =>
        (_server, Container, _options) = (server, container, options);

    /// <summary>The container, for another client.</summary>
    public AzureContainer Container { get; }

    public override string Uri => $"azblob://{Container.Name}/lake?account={AzuriteServer.Account}&endpoint={_server.Endpoint}{_options}";

    public override int Port => _server.Port;

    public override IReadOnlyDictionary<string, string> Environment { get; } = Keys(AzuriteServer.Key, "");

    public override (string Uri, IReadOnlyDictionary<string, string> Environment) WrongPassword => (Uri, Keys("bm90LXRoZS1wYXNzd29yZA==", ""));

    public override IReadOnlyList<string> Secrets { get; } = [AzuriteServer.Key, "bm90LXRoZS1wYXNzd29yZA==", "sig="];

    public static async ValueTask<DestinationPlace> NewAsync(string options)
    {
        var server =
            await TestContext.Current.GetFixture<AzuriteServer>() ?? throw new InvalidOperationException("The server is a fixture of the assembly.");
        foreach (var (name, value) in Keys(AzuriteServer.Key, ""))
        {
            System.Environment.SetEnvironmentVariable(name, value);
        }

        return new AzurePlace(server, await server.NewContainerAsync(), options);
    }

    public override Task<(string Uri, IReadOnlyDictionary<string, string> Environment)?> PowerlessAsync() =>
        Task.FromResult<(string, IReadOnlyDictionary<string, string>)?>((Uri, Keys("", AzuriteServer.SharedAccessSignature("rl"))));

    private static Dictionary<string, string> Keys(string key, string signature) =>
        new(StringComparer.Ordinal) { ["AZURE_STORAGE_KEY"] = key, ["AZURE_STORAGE_SAS_TOKEN"] = signature };
}
