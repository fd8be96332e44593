namespace Sluice.Engine.Extract.Exports;

/// <summary>What is noted of an export in the manifest, so that a run that goes on knows how far the one before came; an empty note counts as none.</summary>
internal static class ExportNotes
{
    /// <summary>That it is about to be asked for: Customer.io's time in unix seconds and the newest export then, as <c>1700000000:112</c>.</summary>
    public const string Intent = "intent";

    /// <summary>Its id at Customer.io.</summary>
    public const string Id = "export";

    /// <summary>How many rows it has by Customer.io's count.</summary>
    public const string Total = "total";

    /// <summary>The length and version of the file that a part is kept of, as <c>1234|"abc"</c>.</summary>
    public const string Part = "part";

    /// <summary>What the report must tell of it.</summary>
    public const string Told = "told";

    /// <summary>Why rows of it are missing.</summary>
    public const string Gap = "gap";
}
