using System.CommandLine;
using System.Globalization;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Simulator;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice simulate</c>: a simulated Customer.io, to try things out without a key.</summary>
internal sealed class SimulateCommand
{
    private readonly SimulationOptions _flags = new();

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand(
            "simulate",
            "Run a pretend Customer.io on this machine, with seeded data and faults on demand, until Ctrl-C",
            """
            For example: sluice simulate --port 8181 --customers 5000 --fault 429@0.01
            """);
        _flags.AddTo(command);
        CommandRun.Action(command, host, log, RunAsync);
        return command;
    }

    /// <summary>Starts a simulator; invalid options are configuration errors.</summary>
    public static async Task<SimulatorServer> StartAsync(SimulatorOptions options, CancellationToken cancel)
    {
        try
        {
            return await SimulatorServer.StartAsync(options, cancel);
        }
        catch (ArgumentException error)
        {
            throw new SluiceException(SluiceErrorKind.Config, Plain(error), "'sluice simulate --help' lists the options.", error);
        }
        catch (IOException error)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"Port {options.Port} can't be used: {error.Message}",
                "Choose another one, or --port 0 for any free one.",
                error);
        }
    }

    /// <summary>The address of a source that reads from a simulator.</summary>
    public static string SourceUri(SimulatorOptions options, Uri address)
    {
        var rate = options.RequestsPerSecond > 0 ? Math.Min(options.RequestsPerSecond, 10_000) : 10_000;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"customerio://?api_key={Uri.EscapeDataString(options.AppApiKey)}&region={options.Region}&base_url={Root(address)}&rate={rate}");
    }

    // .NET appends the parameter's name, which means nothing to the user.
    private static string Plain(ArgumentException error) =>
        error.ParamName is null ? error.Message : error.Message.Replace($" (Parameter '{error.ParamName}')", "", StringComparison.Ordinal);

    private async Task<int> RunAsync(CommandRun run)
    {
        var mistakes = new ValidationErrors();
        var options = _flags.Read(run.Flags, mistakes);
        mistakes.ThrowIfAny();
        await using var server = await StartAsync(options, run.Cancel);
        await run.Host.Out.WriteLineAsync($"Listening on {Root(server.BaseAddress)}");
        await run.Host.Out.WriteLineAsync("Read everything from it with:");
        await run.Host.Out.WriteLineAsync(
            $"  sluice ingest --source-uri '{SourceUri(options, server.BaseAddress)}' --source-table all --dest-uri duckdb:///simulated.duckdb");
        await run.Host.Out.FlushAsync(CancellationToken.None);
        await server.WaitForShutdownAsync(run.Cancel);
        return ExitCode.Done;
    }

    private static string Root(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
