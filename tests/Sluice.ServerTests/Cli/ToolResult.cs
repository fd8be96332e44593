using Xunit;

namespace Sluice.ServerTests.Cli;

/// <summary>How a run of the tool ended.</summary>
internal sealed record ToolResult(int Code, string Out, string Error)
{
    /// <summary>Fails with everything that was said when the exit code is another one.</summary>
    public ToolResult Ended(int code)
    {
        Assert.True(code == Code, $"Exit code {Code} instead of {code}.\n--- stdout\n{Out}\n--- stderr\n{Error}");
        return this;
    }
}
