using System.CommandLine;
namespace Sluice.Cli.Commands;

internal sealed class TablesCommand
{
    public static Command Build(CommandHost host, LogOptions log) => new("tables", "todo");
}
