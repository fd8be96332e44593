using Sluice.Cli;
using Sluice.Destinations;

StandardStreams.OpenClosedOnes();
FileModes.KeepPrivate();
return await Application.RunAsync(args, CommandHost.OfThisProcess());
