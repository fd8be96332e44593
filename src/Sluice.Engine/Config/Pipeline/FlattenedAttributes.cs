namespace Sluice.Engine.Config.Pipeline;

/// <summary>The attributes of people that become columns of their own.</summary>
/// <param name="All">Whether all of them do.</param>
/// <param name="Names">Those that do, if not all.</param>
public sealed record FlattenedAttributes(bool All, IReadOnlyList<string> Names);
