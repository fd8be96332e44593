namespace Sluice.Engine.Extract.Exports;

/// <summary>The rest of a file can't be had: the server gives only the whole, or it is another file now. Whoever reads it begins anew.</summary>
internal sealed class StartsOverException() : Exception("The file must be fetched from its beginning.");
