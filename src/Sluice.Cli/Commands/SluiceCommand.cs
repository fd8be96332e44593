using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Sluice.Cli.Commands;

/// <summary>The root of the command line.</summary>
internal sealed class SluiceCommand : RootCommand
{
    private static readonly (string Name, Func<CommandHost, LogOptions, Command> Build)[] Commands =
    [
        ("ingest", (host, log) => new IngestCommand().Build(host, log)),
        ("import", (host, log) => new ImportCommand().Build(host, log)),
        ("backup", (host, log) => new BackupCommand().Build(host, log)),
        ("restore", (host, log) => new RestoreCommand().Build(host, log)),
        ("writes", (host, log) => new WritesCommand().Build(host, log)),
        ("init", (host, log) => new InitCommand().Build(host, log)),
        ("validate", (host, log) => new ValidateCommand().Build(host, log)),
        ("push", (host, log) => new PushCommand().Build(host, log)),
        ("run", (host, log) => new RunCommand().Build(host, log)),
        ("two-way", (host, log) => new TwoWayCommand().Build(host, log)),
        ("audit", (host, log) => new AuditCommand().Build(host, log)),
        ("state", (host, log) => new StateCommand().Build(host, log)),
        ("history", (host, log) => new HistoryCommand().Build(host, log)),
        ("check", (host, log) => new CheckCommand().Build(host, log)),
        ("query", (host, log) => new QueryCommand().Build(host, log)),
        ("shell", (host, log) => new ShellCommand().Build(host, log)),
        ("serve", (host, log) => new ServeCommand().Build(host, log)),
        ("webhooks", (host, log) => new WebhooksCommand().Build(host, log)),
        ("tables", (host, log) => new TablesCommand().Build(host, log)),
        ("models", (host, log) => new ModelsCommand().Build(host, log)),
        ("dbt", (host, log) => new DbtCommand().Build(host, log)),
        ("ddl", (host, log) => new DdlCommand().Build(host, log)),
        ("simulate", (host, log) => new SimulateCommand().Build(host, log)),
        ("demo", (host, log) => new DemoCommand().Build(host, log)),
        ("completion", (host, log) => new CompletionCommand().Build(host, log)),
        ("man", (host, log) => new ManCommand().Build(host, log)),
    ];

    /// <summary>What stands below the help of the tool.</summary>
    public string Epilogue { get; } = """
        Every option can also be given as an environment variable: SLUICE_ and its name, as SLUICE_DEST_URI for --dest-uri.
        The key comes from CUSTOMERIO_APP_API_KEY, also in a file .env in the current folder. 'sluice demo' needs no key.
        """.ReplaceLineEndings("\n");

    // A command has some twenty options: only the one that is asked for is built, so that the tool starts at once; all are, to list or to guess from.
    public SluiceCommand(CommandHost host, string? only = null)
        : base("Sluice moves Customer.io data into databases and files, completely, and changes back into Customer.io.")
    {
        Options.OfType<HelpOption>().Single().Action = new DocumentedHelp(Epilogue);
        Options.OfType<VersionOption>().Single().Action = new VersionAction();
        var log = new LogOptions();
        log.AddTo(this);
        var chosen = Commands.Where(command => command.Name == only).ToList();
        foreach (var command in chosen.Count > 0 ? chosen : [.. Commands])
        {
            Add(command.Build(host, log));
        }
    }
}

/// <summary>A command with examples and remarks below its help.</summary>
internal sealed class DocumentedCommand(string name, string description, string epilogue) : Command(name, description)
{
    public string Epilogue { get; } = epilogue.ReplaceLineEndings("\n");
}

/// <summary>The help of every command, with its epilogue.</summary>
internal sealed class DocumentedHelp(string rootEpilogue) : SynchronousCommandLineAction
{
    private const int Width = 120;

    private readonly HelpAction _help = new() { MaxWidth = Width };

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = _help.Invoke(parseResult);
        var epilogue = parseResult.CommandResult.Command is DocumentedCommand command ? command.Epilogue : rootEpilogue;
        parseResult.InvocationConfiguration.Output.Write(epilogue.ReplaceLineEndings("\n") + "\n");
        return code;
    }
}
