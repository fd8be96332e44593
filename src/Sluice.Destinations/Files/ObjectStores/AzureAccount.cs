using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;
using Sluice.Engine;

namespace Sluice.Destinations.Files.ObjectStores;

/// <summary>
/// A storage account and its credential: a shared key, a shared access signature, or whoever is signed in with Entra ID, from the address (never the
/// secrets) and the variables that Azure's own tools read.
/// </summary>
internal sealed class AzureAccount
{
    private readonly object _credential;

    private AzureAccount(Uri endpoint, object credential) => (Endpoint, _credential) = (endpoint, credential);

    /// <summary>The address of the account's blobs, without a slash at its end.</summary>
    public Uri Endpoint { get; }

    /// <summary>Puts together what the address and the environment say; the address comes first.</summary>
    /// <param name="account">The account's name in the address.</param>
    /// <param name="endpoint">The endpoint in the address.</param>
    /// <param name="variable">Reads a variable of the environment.</param>
    /// <param name="signIn">How to ask who is signed in; null for the SDK's own way.</param>
    /// <exception cref="SluiceException">Something is missing (kind Config).</exception>
    public static AzureAccount Read(
        string? account, string? endpoint, Func<string, string?> variable, DefaultAzureCredentialOptions? signIn = null)
    {
        string? Given(string name) => variable(name) is { Length: > 0 } value ? value : null;
        var connection = ReadConnection(Given("AZURE_STORAGE_CONNECTION_STRING"));
        var owner = connection.GetValueOrDefault("AccountName");
        var name = account ?? owner ?? Given("AZURE_STORAGE_ACCOUNT") ?? throw new SluiceException(
            SluiceErrorKind.Config,
            "The storage account is not known.",
            "Add it to the address: azblob://container/prefix?account=name, or set AZURE_STORAGE_ACCOUNT or AZURE_STORAGE_CONNECTION_STRING.");

        // A connection string for another account says nothing of this one.
        string? Connected(string key) => owner is null || owner == name ? connection.GetValueOrDefault(key) : null;
        var address = ReadEndpoint(
            endpoint
                ?? Connected("BlobEndpoint")
                ?? connection.GetValueOrDefault("DefaultEndpointsProtocol", "https")
                    + $"://{name}.blob.{connection.GetValueOrDefault("EndpointSuffix", "core.windows.net")}"
        );
        return (Connected("AccountKey") ?? Given("AZURE_STORAGE_KEY"), Connected("SharedAccessSignature") ?? Given("AZURE_STORAGE_SAS_TOKEN")) switch
        {
            ({ } key, _) => new AzureAccount(address, SharedKey(name, key)),
            (_, { } signature) => new AzureAccount(address, new AzureSasCredential(signature.TrimStart('?'))),
            _ => new AzureAccount(address, SignedIn(name, address, signIn)),
        };
    }

    /// <summary>Gives a container; blobs are addressed by <see cref="Blob"/>, since an endpoint may have the account in its path.</summary>
    public BlobContainerClient Container(string container, BlobClientOptions options) => _credential switch
    {
        StorageSharedKeyCredential key => new BlobContainerClient(Address(container), key, options),
        AzureSasCredential signature => new BlobContainerClient(Address(container), signature, options),
        _ => new BlobContainerClient(Address(container), (TokenCredential)_credential, options),
    };

    /// <summary>Gives a blob, whether it is there or not.</summary>
    public BlobClient Blob(string container, string name, BlobClientOptions options)
    {
        var address = Address($"{container}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}");
        return _credential switch
        {
            StorageSharedKeyCredential key => new BlobClient(address, key, options),
            AzureSasCredential signature => new BlobClient(address, signature, options),
            _ => new BlobClient(address, (TokenCredential)_credential, options),
        };
    }

    private Uri Address(string path) => new($"{Endpoint.AbsoluteUri.TrimEnd('/')}/{path}");

    private static StorageSharedKeyCredential SharedKey(string account, string key)
    {
        try
        {
            return new StorageSharedKeyCredential(account, key);
        }
        catch (FormatException error)
        {
            throw new SluiceException(
                SluiceErrorKind.Config, "The key of the storage account is no Base64.", "Copy it whole, with the = signs at its end.", error);
        }
    }

    // A token must not travel unencrypted, which the SDK refuses only with the first request.
    private static DefaultAzureCredential SignedIn(string account, Uri endpoint, DefaultAzureCredentialOptions? options) =>
        endpoint.Scheme == "https"
            ? new DefaultAzureCredential(options ?? new DefaultAzureCredentialOptions())
            : throw new SluiceException(
                SluiceErrorKind.Config,
                $"There is no key for the storage account {account}, and signing in with Entra ID needs an https endpoint.",
                "Set AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN or AZURE_STORAGE_CONNECTION_STRING; 'az storage account keys list' shows the keys.");

    private static Uri ReadEndpoint(string address) =>
        Uri.TryCreate(address.TrimEnd('/'), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new SluiceException(
                SluiceErrorKind.Config,
                $"The endpoint '{address}' is no address.",
                "Write it as https://account.blob.core.windows.net");

    private static Dictionary<string, string> ReadConnection(string? text) =>
        (text ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(pair => pair.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
}
