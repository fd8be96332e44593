namespace Sluice.Simulator.AppApi;

/// <summary>The endpoints show a delivery a little differently.</summary>
internal enum MessageShape
{
    /// <summary><c>customer_identifiers</c>, unless the workspace leaves them out.</summary>
    Ordinary,

    /// <summary><c>identifiers</c>, without the keys of what is not set.</summary>
    Transactional,

    /// <summary>No identifiers, and the template id as text.</summary>
    OfOnePerson,
}
