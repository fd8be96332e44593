using System.CommandLine;
using System.Text;
using Sluice.Cli.Commands;

namespace Sluice.Cli.Output;

/// <summary>Writes manual pages (troff with the man macros) of the descriptions that the help shows.</summary>
internal static class ManPage
{
    private static readonly (string Code, string Meaning)[] ExitCodes =
    [
        ("0", "Everything was done."),
        ("1", "Something unforeseen; --debug shows where."),
        ("2", "The command line or a setting is wrong."),
        ("3", "The key was refused, or the account lives in the other region."),
        ("4", "The key is good but may not read this."),
        ("5", "Customer.io failed."),
        ("6", "The destination failed."),
        ("7", "Partial: named tables or rows are missing."),
        ("130", "Stopped by Ctrl-C or SIGTERM; the same command goes on."),
    ];

    /// <summary>The page of the tool.</summary>
    public static string Of(SluiceCommand root)
    {
        var page = Begin("SLUICE", "sluice", root.Description);
        page.Append(".SH SYNOPSIS\n.B sluice\n.I COMMAND\n[\\fIOPTIONS\\fR]\n");
        page.Append(".SH DESCRIPTION\n").Append(Text(root.Description)).Append(".PP\n").Append(Text(root.Epilogue));
        page.Append(".SH COMMANDS\n");
        foreach (var command in root.Subcommands)
        {
            page.Append($".TP\n\\fBsluice\\-{Escape(command.Name)}\\fR(1)\n").Append(Text(command.Description));
        }

        AppendOptions(page, ".SH OPTIONS\n", root.Options);
        page.Append(".SH EXIT STATUS\n");
        foreach (var (code, meaning) in ExitCodes)
        {
            page.Append($".TP\n.B {code}\n").Append(Text(meaning));
        }

        return page.ToString();
    }

    /// <summary>The page of a command.</summary>
    public static string Of(Command command, SluiceCommand root)
    {
        var page = Begin($"SLUICE-{command.Name.ToUpperInvariant()}", $"sluice-{command.Name}", command.Description);
        page.Append(".SH SYNOPSIS\n").Append(Synopsis("sluice", command));
        page.Append(".SH DESCRIPTION\n").Append(Text(command.Description));
        AppendArguments(page, ".SH ARGUMENTS\n", command.Arguments);
        AppendOptions(page, ".SH OPTIONS\n", command.Options.Concat(root.Options.Where(option => option.Recursive)));
        AppendBelow(page, $"sluice {command.Name}", command);
        if (command is DocumentedCommand { Epilogue: { Length: > 0 } epilogue })
        {
            page.Append($".SH NOTES\n.nf\n{Text(epilogue)}.fi\n");
        }

        return page.Append(".SH SEE ALSO\n.BR sluice (1)\n").ToString();
    }

    private static void AppendBelow(StringBuilder page, string path, Command command)
    {
        foreach (var below in command.Subcommands)
        {
            page.Append($".SS {Escape(path)} {Escape(below.Name)}\n").Append(Text(below.Description));
            page.Append(".PP\n").Append(Synopsis(path, below));
            AppendArguments(page, "", below.Arguments);
            AppendOptions(page, "", below.Options);
            AppendBelow(page, $"{path} {below.Name}", below);
        }
    }

    // Without a date: the same sources give the same page.
    private static StringBuilder Begin(string title, string name, string? description) =>
        new StringBuilder($".TH {Escape(title)} 1 \"\" \"sluice {ProductVersion.Number}\" \"Sluice\"\n")
            .Append(".SH NAME\n").Append($"{Escape(name)} \\- ").Append(Text(description));

    private static string Synopsis(string path, Command command)
    {
        var below = command.Subcommands.Count > 0 ? " \\fICOMMAND\\fR" : "";
        var arguments = string.Concat(command.Arguments.Select(argument => $" [\\fI{Escape(argument.Name)}\\fR]"));
        return $"\\fB{Escape(path)} {Escape(command.Name)}\\fR{below}{arguments} [\\fIOPTIONS\\fR]\n";
    }

    private static void AppendArguments(StringBuilder page, string heading, IEnumerable<Argument> arguments)
    {
        foreach (var (place, argument) in arguments.Index())
        {
            page.Append(place == 0 ? heading : "").Append($".TP\n\\fI{Escape(argument.Name)}\\fR\n").Append(Text(argument.Description));
        }
    }

    private static void AppendOptions(StringBuilder page, string heading, IEnumerable<Option> options)
    {
        foreach (var (place, option) in options.Where(option => !option.Hidden).Index())
        {
            var all = option.Aliases.Order(StringComparer.Ordinal).Prepend(option.Name);
            var names = string.Join(", ", all.Select(name => $"\\fB{Escape(name)}\\fR"));
            var value = option.HelpName is { } help ? $" \\fI{Escape(help)}\\fR" : "";
            page.Append(place == 0 ? heading : "").Append($".TP\n{names}{value}\n").Append(Text(option.Description));
        }
    }

    // A line that begins with a dot or an apostrophe would be a request.
    private static string Text(string? text) => string.Concat((text ?? "").TrimEnd().Split('\n')
        .Select(line => Escape(line))
        .Select(line => $"{(line is ['.' or '\'', ..] ? "\\&" : "")}{line}\n"));

    // A bare minus is a hyphen in print, which nobody can paste into a shell; and troff itself reads ASCII alone.
    private static string Escape(string text) => text.Replace("\\", "\\e", StringComparison.Ordinal)
        .Replace("-", "\\-", StringComparison.Ordinal)
        .Replace("…", "...", StringComparison.Ordinal);
}
