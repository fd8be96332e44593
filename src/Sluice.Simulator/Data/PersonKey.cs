namespace Sluice.Simulator.Data;

/// <summary>How a person is known: the id and the e-mail address may be missing, the cio_id never is.</summary>
internal sealed record PersonKey(long Index, string CioId, string? Id, string? Email);
