using System.Security.Cryptography;
using System.Text;
using Sluice.Engine;

namespace Sluice.Destinations.Files.Objects;

/// <summary>
/// A storage account and the way in: a shared key or a shared access signature, from the address (never the secrets) and the variables that Azure's own
/// tools read.
/// </summary>
internal sealed class AzureAccount
{
    private const string Suffix = "core.windows.net";

    private readonly string _account;
    private readonly byte[]? _key;

    private AzureAccount(string account, Uri endpoint, byte[]? key, string? signature)
    {
        _account = account;
        Endpoint = endpoint;
        _key = key;
        Signature = signature;
    }

    /// <summary>The address of the account's blobs, without a slash at its end.</summary>
    public Uri Endpoint { get; }

    /// <summary>The shared access signature as a query, or null.</summary>
    public string? Signature { get; }

    /// <summary>Puts together what the address and the environment say; the address comes first.</summary>
    /// <exception cref="SluiceException">Something is missing (kind Config).</exception>
    public static AzureAccount Read(string? account, string? endpoint, Func<string, string?> variable)
    {
        string? Given(string name) => variable(name) is { Length: > 0 } value ? value : null;
        var connection = Connection(Given("AZURE_STORAGE_CONNECTION_STRING"));
        var name = account ?? connection.GetValueOrDefault("AccountName") ?? Given("AZURE_STORAGE_ACCOUNT") ?? throw new SluiceException(
            SluiceErrorKind.Config, "The storage account is not known.", "Add it to the address: azblob://container/prefix?account=name, or set AZURE_STORAGE_ACCOUNT or AZURE_STORAGE_CONNECTION_STRING.");

        // A connection string for another account says nothing of this one.
        var isIts = connection.GetValueOrDefault("AccountName") is not { } other || other == name;
        var key = (isIts ? connection.GetValueOrDefault("AccountKey") : null) ?? Given("AZURE_STORAGE_KEY");
        var signature = ((isIts ? connection.GetValueOrDefault("SharedAccessSignature") : null) ?? Given("AZURE_STORAGE_SAS_TOKEN"))?.TrimStart('?');
        if (key is null && signature is null)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"There is no way into the storage account {name}.",
                "Set AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN or AZURE_STORAGE_CONNECTION_STRING; 'az storage account keys list' shows the keys.");
        }

        return new AzureAccount(name, Address(name, endpoint ?? (isIts ? connection.GetValueOrDefault("BlobEndpoint") : null), connection), Bytes(key), key is null ? signature : null);
    }

    /// <summary>Signs a request with the key; one with a shared access signature has it in its address already.</summary>
    public void Sign(HttpRequestMessage request)
    {
        if (_key is not null)
        {
            var signature = Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(TextToSign(request))));
            request.Headers.TryAddWithoutValidation("Authorization", $"SharedKey {_account}:{signature}");
        }
    }

    // The order and the empty lines are the protocol's: encoding, language, length, MD5, type, date, four conditions, range.
    private string TextToSign(HttpRequestMessage request)
    {
        var content = request.Content?.Headers;
        var length = content?.ContentLength is > 0 and { } bytes ? bytes.ToString(System.Globalization.CultureInfo.InvariantCulture) : "";
        string[] lines =
        [
            request.Method.Method, "", "", length, "", content?.ContentType?.ToString() ?? "", "",
            "", Header(request, "If-Match"), Header(request, "If-None-Match"), "", Header(request, "Range"),
        ];
        var own = request.Headers.Where(header => header.Key.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase))
            .OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key.ToLowerInvariant()}:{string.Join(',', header.Value)}\n");
        return $"{string.Join('\n', lines)}\n{string.Concat(own)}{Resource(request.RequestUri!)}";
    }

    private string Resource(Uri uri)
    {
        var query = uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .OrderBy(pair => pair[0], StringComparer.Ordinal).Select(pair => $"\n{pair[0].ToLowerInvariant()}:{Uri.UnescapeDataString(pair.Length > 1 ? pair[1] : "")}");
        return $"/{_account}{uri.AbsolutePath}{string.Concat(query)}";
    }

    private static string Header(HttpRequestMessage request, string name) => request.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";

    private static Uri Address(string account, string? endpoint, Dictionary<string, string> connection)
    {
        var address = endpoint ?? $"{connection.GetValueOrDefault("DefaultEndpointsProtocol", "https")}://{account}.blob.{connection.GetValueOrDefault("EndpointSuffix", Suffix)}";
        return Uri.TryCreate(address.TrimEnd('/'), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new SluiceException(SluiceErrorKind.Config, $"The endpoint '{address}' is no address.", "Write it as https://account.blob.core.windows.net");
    }

    private static byte[]? Bytes(string? key)
    {
        try
        {
            return key is null ? null : Convert.FromBase64String(key);
        }
        catch (FormatException error)
        {
            throw new SluiceException(SluiceErrorKind.Config, "The key of the storage account is no Base64.", "Copy it whole, with the = signs at its end.", error);
        }
    }

    private static Dictionary<string, string> Connection(string? text) => (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(pair => pair.Split('=', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
}
