using Sluice.CustomerIo.Failures;

namespace Sluice.CustomerIo.Cutting;

/// <summary>What a valid body said: a value, or an error that came with a status of success.</summary>
internal sealed record Reading<T>(T? Value, ErrorBody? Reported)
    where T : class;
