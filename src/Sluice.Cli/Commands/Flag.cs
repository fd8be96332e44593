using System.CommandLine;

namespace Sluice.Cli.Commands;

/// <summary>Makes options. They are all text: what they mean is read in one place for arguments and environment variables alike.</summary>
internal static class Flag
{
    public static Option<string?> Text(string name, string value, string description) => new(name) { HelpName = value, Description = description };

    public static Option<string[]> Several(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };

    public static Option<bool> Switch(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>The environment variable that stands in for an option: <c>SLUICE_DEST_URI</c> for <c>--dest-uri</c>.</summary>
    public static string Variable(Option option) => "SLUICE_" + option.Name.TrimStart('-').Replace('-', '_').ToUpperInvariant();
}
