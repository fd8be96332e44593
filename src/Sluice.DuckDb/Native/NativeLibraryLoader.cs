using System.Reflection;
using System.Runtime.InteropServices;

namespace Sluice.DuckDb.Native;

/// <summary>Finds libduckdb: by environment variable, else beside the assemblies.</summary>
internal static class NativeLibraryLoader
{
    internal const string PathVariable = "SLUICE_LIBDUCKDB";

    private static readonly Lock Gate = new();
    private static bool _registered;

    internal static string FileName =>
        OperatingSystem.IsWindows() ? "duckdb.dll" : OperatingSystem.IsMacOS() ? "libduckdb.dylib" : "libduckdb.so";

    /// <summary>Must run before the first native call; every way into the library passes here.</summary>
    internal static void Register()
    {
        lock (Gate)
        {
            if (_registered)
                return;
            NativeLibrary.SetDllImportResolver(typeof(NativeLibraryLoader).Assembly, Resolve);
            _registered = true;
        }
    }

    internal static IReadOnlyList<string> CandidatePaths(string? overridePath)
    {
        // A path that was asked for is the only one: falling back to another version would hide the mistake.
        if (!string.IsNullOrEmpty(overridePath))
            return [overridePath];
        var folders = new List<string> { AppContext.BaseDirectory };
        var assembly = typeof(NativeLibraryLoader).Assembly.Location;
        if (Path.GetDirectoryName(assembly) is { Length: > 0 } folder)
            folders.Add(folder);
        return [.. folders.Select(f => Path.GetFullPath(Path.Combine(f, FileName))).Distinct(StringComparer.Ordinal)];
    }

    internal static nint Load(IReadOnlyList<string> candidates)
    {
        foreach (var path in candidates)
        {
            if (!File.Exists(path))
                continue;
            return NativeLibrary.Load(path);
        }
        throw new DllNotFoundException(
            $"libduckdb was not found. Looked at: {string.Join(", ", candidates)}. "
            + $"Build again after `npm ci --omit=dev`, or set {PathVariable} to the full path of {FileName}.");
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name == NativeMethods.Library ? Load(CandidatePaths(Environment.GetEnvironmentVariable(PathVariable))) : 0;
}
