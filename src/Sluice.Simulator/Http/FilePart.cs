using Microsoft.Win32.SafeHandles;

namespace Sluice.Simulator.Http;

/// <summary>Some bytes of a file.</summary>
internal sealed record FilePart(SafeFileHandle File, long Offset, long Length);
