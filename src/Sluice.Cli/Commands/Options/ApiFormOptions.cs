using System.CommandLine;
using Sluice.Engine;
using Sluice.Simulator;

namespace Sluice.Cli.Commands;

/// <summary>Which of the forms that Customer.io's descriptions show or leave open the pretend one takes.</summary>
internal sealed class ApiFormOptions
{
    private readonly Option<string?> _apiForm = Flag.Text(
        "--api-form", "2026-09|2026-08", "The description of the API that is followed: of September 2026 or the one before [default: 2026-09]");
    private readonly Option<bool> _oneList = Flag.Switch(
        "--no-action-pages", "Give the actions of a broadcast in one list, as the description shows them");
    private readonly Option<bool> _overwrite = Flag.Switch(
        "--overwrite-contents", "Let a PUT empty the writable fields that it leaves out, of actions and newsletters too");
    private readonly Option<bool> _ignoreReadOnly = Flag.Switch(
        "--ignore-read-only", "Let a PUT pass over read-only fields instead of refusing them");
    private readonly Option<string[]> _channelsOff = Flag.Several(
        "--channel-off", "CHANNEL", "Refuse sends by email, push, sms, whatsapp, in_app or inbox_message, repeatable");

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _apiForm, _oneList, _overwrite, _ignoreReadOnly, _channelsOff })
        {
            command.Add(option);
        }
    }

    public SimulatorOptions Read(Flags flags, SimulatorOptions usual, ValidationErrors mistakes) => usual with
    {
        ApiForm = flags.Word(_apiForm, ["2026-09", "2026-08"], mistakes),
        PagesBroadcastActions = !flags.IsOn(_oneList),
        OverwritesContents = flags.IsOn(_overwrite),
        IgnoresReadOnlyKeys = flags.IsOn(_ignoreReadOnly),
        ChannelsOff = flags.List(_channelsOff),
    };
}
