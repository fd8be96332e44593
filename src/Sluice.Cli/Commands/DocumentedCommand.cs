using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Sluice.Cli.Commands;

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
