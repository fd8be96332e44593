using Microsoft.AspNetCore.Http;

namespace Sluice.Simulator.Http;

/// <summary>A request as it arrived.</summary>
internal sealed record Visit(
    HttpContext Http, Route? Route, IReadOnlyList<string> Path, QueryValues Query, ReadOnlyMemory<byte> Body, TimeSpan Stamp);
