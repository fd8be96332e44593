using System.Runtime.InteropServices;

namespace Sluice.CustomerIo.Pacing;

/// <summary>One start and what is known of its arrival at the server.</summary>
[StructLayout(LayoutKind.Auto)]
internal record struct Start(long At, long Arrival, bool IsCold, bool IsAnswered);
