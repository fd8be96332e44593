namespace Sluice.Simulator.Data;

/// <summary>A person named by one kind of identifier: id, email, phone or cio_id.</summary>
internal sealed record PersonReference(string Kind, string Value)
{
    /// <summary>The Track API's path: <c>cio_</c> before a cio_id, an e-mail address by its at sign, else an id.</summary>
    public static PersonReference FromPath(string text)
        => text.StartsWith("cio_", StringComparison.Ordinal) ? new PersonReference("cio_id", text[4..])
            : text.Contains('@', StringComparison.Ordinal) ? new PersonReference("email", text)
            : new PersonReference("id", text);
}
