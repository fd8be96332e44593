namespace Sluice.ServerTests.Destinations;

/// <summary>A file or folder by its scheme.</summary>
internal sealed class FilePlace(string scheme, string name, string query = "") : DestinationPlace
{
    public string Path => System.IO.Path.Combine(Folder, name);

    public override string Uri => $"{scheme}:///{Path}{query}";
}
