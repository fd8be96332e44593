using Sluice.Engine;

namespace Sluice.Settings;

/// <summary>
/// Keeps a key of the environment from going where a file <c>.env</c> says, which may have come with somebody else's folder: of an address and the
/// key that is sent there, either both are of that file or none is.
/// </summary>
/// <param name="isOfFile">Whether a variable's value is the file's (true), the environment's (false) or nobody's (null).</param>
public sealed class KeyOrigins(Func<string, bool?> isOfFile)
{
    /// <summary>Where there is no such file.</summary>
    public static KeyOrigins WithoutFile { get; } = new(_ => false);

    private static IReadOnlyList<(SettingKey Address, SettingKey Key)> Pairs { get; } =
    [
        (WorkspaceSettings.BaseUrl, WorkspaceSettings.ApiKey),
        (WorkspaceSettings.TrackBaseUrl, WorkspaceSettings.TrackApiKey),
    ];

    internal Origin Of(params IReadOnlyList<string> variables) => new(
        string.Join(" and ", variables),
        variables.Any(name => isOfFile(name) == true),
        variables.Any(name => isOfFile(name) == false));

    /// <summary>Notes each key that would go to an address of another origin, by the names of the two.</summary>
    internal static void Check(SettingWords words, Func<SettingKey, Origin> originOf, ValidationErrors mistakes)
    {
        foreach (var (address, key) in Pairs.Where(pair => words.Has(pair.Address) && words.Has(pair.Key)))
        {
            var (to, from) = (originOf(address), originOf(key));
            var isMixed = (to.IsOfFile && from.IsOfEnvironment) || (to.IsOfEnvironment && from.IsOfFile);
            if (isMixed && Uri.TryCreate(words.Of(address)[^1], UriKind.Absolute, out var uri))
            {
                var place = to.IsOfFile ? "the file .env of this folder" : "the environment";
                mistakes.Add(
                    address,
                    $"The key in {from.Name} would go to {uri.Authority}: {place} says so in {to.Name}, but the key is not from there.",
                    $"Say both in the same place, the environment or .env, or take {to.Name} out. Nothing was sent.");
            }
        }
    }
}

/// <summary>Where a value comes from.</summary>
/// <param name="Name">The variables it is made of, or what else holds it.</param>
/// <param name="IsOfFile">Whether the file <c>.env</c> has a part in it.</param>
/// <param name="IsOfEnvironment">Whether the environment has a part in it, or the one who typed the command.</param>
internal readonly record struct Origin(string Name, bool IsOfFile, bool IsOfEnvironment);
