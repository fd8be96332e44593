using System.CommandLine;
using Sluice.Engine.Masking;
using Sluice.Settings;

namespace Sluice.Cli.Commands;

/// <summary>The options of a command that are settings of an ingest, whose meaning is said once for commands and pipeline files.</summary>
internal sealed class SettingOptions
{
    // A setting without an option has a variable: what stands among the arguments is seen by everybody on the machine.
    private readonly List<(Setting Setting, Option? Option)> _settings;

    public SettingOptions(IEnumerable<Setting> settings) => _settings = [.. settings.Select(setting => (setting, OptionOf(setting)))];

    /// <summary>Some of the settings, by their names on the command line.</summary>
    public static SettingOptions Of(params IEnumerable<string> names) =>
        new(names.Select(name => IngestSettings.OfCommand.Single(setting => setting.Key.OnCommandLine == name)));

    public void AddTo(Command command)
    {
        foreach (var option in _settings.Select(one => one.Option).OfType<Option>())
        {
            command.Add(option);
        }
    }

    /// <summary>What was said, by arguments and variables.</summary>
    public SettingWords Words(CommandRun run)
    {
        var words = new SettingWords();
        foreach (var (setting, option) in _settings)
        {
            words.Say(setting.Key, Said(setting, option, run));
        }

        return words;
    }

    public static void WarnUnsalted(MaskSet masks, CommandRun run)
    {
        if (masks.IsUnsalted)
        {
            run.Messages.Warn(
                $"Without {IngestSettings.MaskSalt} whoever has the hashes can find the values by hashing a list of addresses or numbers.",
                "Make a salt once with 'openssl rand -hex 32', keep it secret and the same for every run: another salt gives other hashes.");
        }
    }

    private static Option? OptionOf(Setting setting) =>
        setting.Help is not { } help ? null
        : setting.IsSwitch ? Flag.Switch(setting.Key.OnCommandLine, help)
        : setting.TakesSeveral ? Flag.Several(setting.Key.OnCommandLine, setting.Value, help)
        : Flag.Text(setting.Key.OnCommandLine, setting.Value, help);

    private static IEnumerable<string> Said(Setting setting, Option? option, CommandRun run) => option switch
    {
        Option<bool> isOn => run.Flags.IsOn(isOn) ? ["true"] : [],
        Option<string[]> several => run.Flags.List(several),
        Option<string?> text => run.Flags.Text(text) is { } said ? [said] : [],
        _ => run.Host.Settings.Find(setting.Variable!) is { } value ? [value] : [],
    };
}
