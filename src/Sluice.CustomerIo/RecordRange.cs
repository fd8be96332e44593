using System.Runtime.InteropServices;

namespace Sluice.CustomerIo;

/// <summary>Where one record lies in a page's body.</summary>
/// <param name="Offset">First byte, from 0.</param>
/// <param name="Length">Length in bytes, at least 2.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RecordRange(int Offset, int Length);
