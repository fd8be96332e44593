namespace Sluice.CustomerIo.Http;

internal sealed class BodyTooLargeException(int limit) : Exception($"The body is larger than {limit / (1024 * 1024)} MB.");
