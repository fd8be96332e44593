namespace Sluice.Destinations.Ddl;

/// <summary>One statement and what to say above it.</summary>
/// <param name="Sql">The statement, without a semicolon at its end.</param>
/// <param name="Why">What it is for, or null.</param>
internal sealed record DdlStatement(string Sql, string? Why = null);
