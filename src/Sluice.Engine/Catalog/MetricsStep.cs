using System.Runtime.InteropServices;

namespace Sluice.Engine.Catalog;

/// <summary>One step of a series of metrics.</summary>
/// <param name="Start">The first instant of the step, in UTC.</param>
/// <param name="End">The first instant after the step, in UTC.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MetricsStep(DateTimeOffset Start, DateTimeOffset End);
