using Sluice.CustomerIo.Cutting;

namespace Sluice.CustomerIo.Http;

/// <summary>Makes something of a complete body; a <see cref="System.Text.Json.JsonException"/> says that the body is damaged.</summary>
internal delegate Reading<T> BodyReading<T>(Answer answer, Call call)
    where T : class;
