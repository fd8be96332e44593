using System.Runtime.InteropServices;

namespace Sluice.Settings.Pipelines.Yaml;

/// <summary>Where something stands in the file, counted from 1.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Place(int Line, int Column);
