namespace Sluice.Engine.Config;

/// <summary>A place in a record: the mask that holds there, if any, and the paths that go on from there.</summary>
internal readonly record struct MaskStep(Mask? Mask, MaskNode? Node);
