using System.CommandLine;

namespace Sluice.Cli.Commands;

/// <summary>A command with a text below its help: examples, and what no option says.</summary>
internal sealed class DocumentedCommand(string name, string description, string epilogue) : Command(name, description)
{
    public string Epilogue { get; } = epilogue.ReplaceLineEndings("\n");
}
