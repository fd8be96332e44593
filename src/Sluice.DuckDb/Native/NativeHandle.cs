using System.Runtime.InteropServices;

namespace Sluice.DuckDb.Native;

/// <summary>A pointer that libduckdb gave out and wants back.</summary>
internal abstract class NativeHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;
}
