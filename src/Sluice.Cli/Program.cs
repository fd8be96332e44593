using Sluice.Cli;
using Sluice.Destinations;
using Sluice.Engine.Runs;

StandardStreams.OpenClosedOnes();
if (ProcessLimits.Problem() is { } problem)
{
    await Console.Error.WriteLineAsync(problem);
    return ExitCode.Config;
}

FileModes.KeepPrivate();
return await Application.RunAsync(args, CommandHost.OfThisProcess());
