using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace Sluice.Cli;

/// <summary>Which sluice this is.</summary>
internal static class ProductVersion
{
    /// <summary>The version and, behind a plus, the commit it was built from, where that is known: 0.1.0+1a2b3c4.</summary>
    public static string Full { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>What <c>sluice --version</c> prints.</summary>
    public static string Line => $"sluice {Full}";

    /// <summary>The version alone, as 0.1.0.</summary>
    public static string Number { get; } = Full.Split('+')[0];
}

/// <summary><c>sluice --version</c>.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(ProductVersion.Line);
        return 0;
    }
}
