using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Engine;

namespace Sluice.Cli.Commands;

/// <summary>What is shown of the work and of its result.</summary>
internal sealed class OutputOptions
{
    // interactive and log are ingestr's words.
    private static readonly string[] Words = ["auto", "rich", "plain", "none", "interactive", "log"];

    private readonly Option<string?> _progress = Flag.Text(
        "--progress", "auto|rich|plain|none", "Progress on stderr: a live table, or a line every few seconds [default: auto, rich in a terminal]");

    private readonly Option<bool> _json = Flag.Switch("--json", "Write the result as JSON");

    public void AddTo(Command command)
    {
        command.Add(_progress);
        command.Add(_json);
    }

    public bool IsJson(Flags flags) => flags.IsOn(_json);

    public IProgressView View(CommandRun run, ValidationErrors mistakes)
    {
        var rich = run.Host.IsErrorTerminal && !run.Messages.IsJson;
        return run.Flags.Word(_progress, Words, mistakes) switch
        {
            "none" => new NoProgress(),
            "rich" or "interactive" when !run.Messages.IsJson => new RichProgress(run.Messages),
            "auto" when rich => new RichProgress(run.Messages),
            _ => new PlainProgress(run.Messages),
        };
    }
}

/// <summary>How a command speaks on stderr; the same for all commands.</summary>
internal sealed class LogOptions
{
    private static readonly string[] Formats = ["text", "json"];

    private readonly Option<string?> _format = Flag.Text(
        "--log-format", "text|json", "The form of what is said on stderr; json writes one object on each line");
    private readonly Option<bool> _debug = Flag.Switch(
        "--debug", "Tell of every HTTP attempt (never keys or bodies) and of where an unforeseen error came from");

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _format, _debug })
        {
            option.Recursive = true;
            command.Add(option);
        }
    }

    public Messages Open(Flags flags, CommandHost host)
    {
        // A wrong format must not keep its own error from being told.
        var mistakes = new ValidationErrors();
        var format = flags.Word(_format, Formats, mistakes);
        return new Messages(host.Error, format == "json", flags.IsOn(_debug), host.Time);
    }

    public void Check(Flags flags, ValidationErrors mistakes) => flags.Word(_format, Formats, mistakes);
}
