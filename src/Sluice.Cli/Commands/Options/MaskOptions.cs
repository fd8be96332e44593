using System.CommandLine;
using Sluice.Engine.Masking;
using Sluice.Settings;

namespace Sluice.Cli.Commands;

/// <summary>What is hidden of the data before it is stored.</summary>
internal sealed class MaskOptions
{
    // A setting and no option: what stands among the arguments is seen by everybody on the machine.
    private const string SaltVariable = "SLUICE_MASK_SALT";

    private readonly Option<string[]> _mask = Flag.Several(
        "--mask",
        "COLUMN:sha256|redact|partial",
        $"Hide a column's values before they are stored anywhere, repeated or with commas; sha256 keeps equal values equal and takes its salt " +
            $"from {SaltVariable}"
    );

    public void AddTo(Command command) => command.Add(_mask);

    public IngestSettings AddTo(IngestSettings settings, CommandRun run) => settings with
    {
        Masks = run.Flags.List(_mask),
        MaskSalt = run.Host.Settings.Find(SaltVariable) is { } salt ? new MaskSalt(salt) : null,
    };

    public static void Warn(MaskSet masks, CommandRun run)
    {
        if (masks.IsUnsalted)
        {
            run.Messages.Warn(
                $"Without {SaltVariable} whoever has the hashes can find the values by hashing a list of addresses or numbers.",
                "Make a salt once with 'openssl rand -hex 32', keep it secret and the same for every run: another salt gives other hashes.");
        }
    }
}
