using Sluice.Cli;
using Sluice.Cli.Terminals;

namespace Sluice.Tests.Cli;

/// <summary>The tool in this process, with an environment of its own.</summary>
internal sealed class ToolHarness(IReadOnlyDictionary<string, string>? environment = null)
{
    public string Folder { get; init; } = Path.GetTempPath();

    /// <summary>What somebody types at a terminal; null when nobody is there.</summary>
    public string? Answers { get; init; }

    /// <summary>What comes on stdin.</summary>
    public string Input { get; init; } = "";

    /// <summary>The terminal that somebody types at; null when there is none.</summary>
    public Terminal? Terminal { get; init; }

    /// <summary>The columns of the terminal that results go to; null when they go to a file.</summary>
    public int? Width { get; init; }

    public CommandHost Host => new()
    {
        Out = TextWriter.Null,
        Error = TextWriter.Null,
        Settings = new SettingsLookup(name => environment?.GetValueOrDefault(name), new Dictionary<string, string>(StringComparer.Ordinal)),
        Folder = Folder,
        MeasureWidth = () => Width,
        In = () => new StringReader(Answers ?? ""),
        IsInputTerminal = Answers is not null || Terminal is not null,
        OpenInput = () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Input)),
        OpenTerminal = () => Terminal,
    };

    public async Task<(int Code, string Out, string Error)> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        await using var error = new StringWriter { NewLine = "\n" };
        var code = await Application.RunAsync(arguments, Host with { Out = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
