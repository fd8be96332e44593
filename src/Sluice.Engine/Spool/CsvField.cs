using System.Runtime.InteropServices;

namespace Sluice.Engine.Spool;

/// <summary>Where a field's value lies in its record, without its quotes.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CsvField(int Offset, int Length, bool IsQuoted, bool IsEscaped);
