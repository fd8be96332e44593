using System.Runtime.CompilerServices;

namespace Sluice;

/// <summary>What ./test lays under the test programs is not for the programs that they start: those run as on a user's machine.</summary>
internal static class Preloaded
{
    [ModuleInitializer]
    internal static void Forget() => Environment.SetEnvironmentVariable("LD_PRELOAD", null);
}
