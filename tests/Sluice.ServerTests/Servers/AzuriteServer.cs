using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using Sluice.Benchmarks.Kill;

namespace Sluice.ServerTests.Servers;

/// <summary>Azure Blob Storage as npm azurite plays it, with shared keys and shared access signatures that are checked.</summary>
public sealed class AzuriteServer : LocalServer
{
    /// <summary>The account's name.</summary>
    public const string Account = "sluice";

    /// <summary>The account's key, in Base64.</summary>
    public const string Key = "c2x1aWNlL2tleSt0aGF0L2lzK2xvbmcvZW5vdWdoL3RvK2JlL2Erc2hhcmVkL2tleSt5ZXM=";

    private int _containers;

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>The address of the account's blobs, which ends with the account.</summary>
    public string Endpoint => $"http://127.0.0.1:{Port}/{Account}";

    /// <summary>Starts the server if need be and makes an empty container, which stays until the server is stopped.</summary>
    public async Task<AzureContainer> NewContainerAsync()
    {
        await RequireAsync();
        var client = new BlobServiceClient($"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={Endpoint};");
        return new AzureContainer(await client.CreateBlobContainerAsync($"container{Interlocked.Increment(ref _containers)}"));
    }

    /// <summary>A shared access signature for all containers with rights such as "rl" (read and list) or "rwdlac", good for an hour.</summary>
    public static string SharedAccessSignature(string rights)
    {
        var signature = new AccountSasBuilder
        {
            Services = AccountSasServices.Blobs,
            ResourceTypes = AccountSasResourceTypes.All,
            ExpiresOn = TimeProvider.System.GetUtcNow().AddHours(1),
            Protocol = SasProtocol.HttpsAndHttp,
        };
        signature.SetPermissions(rights);
        return signature.ToSasQueryParameters(new Azure.Storage.StorageSharedKeyCredential(Account, Key)).ToString();
    }

    private protected override string? Missing() => NodeServer.Missing("azurite", "azurite/dist/src/blob/main.js");

    private protected override async Task<ServerProcess> LaunchAsync(string folder)
    {
        string[] command =
        [
            "env", $"AZURITE_ACCOUNTS={Account}:{Key}", "node", Path.Combine(BuiltTool.Root, "node_modules/azurite/dist/src/blob/main.js"),
            "--blobHost", "127.0.0.1", "--blobPort", "0", "--location", folder, "--disableTelemetry", "--silent", "--skipApiVersionCheck",
        ];
        (var process, Port) = await NodeServer.StartAsync(folder, "successfully listens on", command);
        return process;
    }
}

/// <summary>A container of one test, empty at first.</summary>
/// <param name="client">The SDK's client of it.</param>
public sealed class AzureContainer(BlobContainerClient client)
{
    /// <summary>Its name.</summary>
    public string Name => client.Name;

    /// <summary>Puts a blob.</summary>
    public Task PutAsync(string name, byte[] content) => client.GetBlobClient(name).UploadAsync(new BinaryData(content));
}
