using System.CommandLine;
using System.CommandLine.Help;

namespace Sluice.Cli.Commands;

/// <summary>The root of the command line.</summary>
internal sealed class SluiceCommand : RootCommand
{
    public SluiceCommand(CommandHost host)
        : base("Sluice moves Customer.io data into DuckDB, completely, within the API's request budget.")
    {
        Options.OfType<HelpOption>().Single().Action = new DocumentedHelp("""
            Every option can also be given as an environment variable: SLUICE_ and its name, as SLUICE_DEST_URI for --dest-uri.
            The key comes from CUSTOMERIO_APP_API_KEY, also in a file .env in the current folder. 'sluice demo' needs no key.
            """);
        var log = new LogOptions();
        log.AddTo(this);
        Add(new IngestCommand().Build(host, log));
        Add(new InitCommand().Build(host, log));
        Add(new ValidateCommand().Build(host, log));
        Add(new RunCommand().Build(host, log));
        Add(new AuditCommand().Build(host, log));
        Add(new StateCommand().Build(host, log));
        Add(new HistoryCommand().Build(host, log));
        Add(new CheckCommand().Build(host, log));
        Add(new TablesCommand().Build(host, log));
        Add(new DdlCommand().Build(host, log));
        Add(new SimulateCommand().Build(host, log));
        Add(new DemoCommand().Build(host, log));
    }
}
