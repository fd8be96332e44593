namespace Sluice.CustomerIo;

/// <summary>What a signed link is called in errors and logs: whoever has the link has the file, so that it is shown nowhere.</summary>
internal static class SignedLink
{
    public const string Name = "GET (signed link)";
}
