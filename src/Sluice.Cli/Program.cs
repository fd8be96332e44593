using Sluice.Cli;
using Sluice.Destinations;

FileModes.KeepPrivate();
return await Application.RunAsync(args, CommandHost.OfThisProcess());
