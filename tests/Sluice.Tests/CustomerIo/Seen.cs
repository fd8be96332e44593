using Microsoft.AspNetCore.Http;

namespace Sluice.Tests.CustomerIo;

/// <summary>A request as it arrived; the target is raw, as on the wire.</summary>
internal sealed record Seen(string Method, string Target, IHeaderDictionary Headers, string Body, string Protocol);
