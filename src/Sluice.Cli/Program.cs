using Sluice.Cli;

return await Application.RunAsync(args, CommandHost.OfThisProcess());
