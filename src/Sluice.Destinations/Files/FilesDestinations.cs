using Sluice.Destinations.Files.Local;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Files;

/// <summary>Opens destinations that are files.</summary>
internal static class FilesDestinations
{
    public static IDestination OpenLocal(string uri)
    {
        var address = FilesAddress.Parse(uri);
        return new FilesDestination(new LocalStore(address.ToString(), address.Place), address.Settings());
    }

    public static string LocalIdentity(string uri)
    {
        var address = FilesAddress.Parse(uri);
        _ = address.Settings();
        return address.Place;
    }
}
