using System.CommandLine;
namespace Sluice.Cli.Commands;

internal sealed class CheckCommand
{
    public static Command Build(CommandHost host, LogOptions log) => new("check", "todo");
}
