using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sluice.Simulator.Data;
using Sluice.Simulator.Faults;

namespace Sluice.Simulator.Http;

/// <summary>What happens to every request, in order: stamp, route, key, budget, wait, handler, answer.</summary>
internal sealed class Pipeline(Simulation simulation)
{
    private const int LargestBody = 32 * 1024 * 1024;
    private long _waits;

    public async Task HandleAsync(HttpContext http)
    {
        var stamp = simulation.Time.GetElapsedTime(0);
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var split = target.IndexOf('?', StringComparison.Ordinal);
        var path = PathOf(split < 0 ? target : target[..split]);
        var (route, values) = simulation.Router.Resolve(http.Request.Method, path);
        var isControl = path.Count > 0 && path[0] == "_sim";
        if (!isControl)
        {
            simulation.Statistics.Arrived(stamp, simulation.Time.GetUtcNow(), route?.Key ?? $"{http.Request.Method} unknown");
        }

        var body = await ReadBodyAsync(http);
        var visit = new Visit(http, route, values, new QueryValues(split < 0 ? "" : target[(split + 1)..]), body, stamp);
        try
        {
            await RunAsync(visit);
        }
        finally
        {
            if (!isControl)
            {
                // 0 stands for a connection that ended without an answer.
                simulation.Statistics.Answered(http.RequestAborted.IsCancellationRequested ? 0 : http.Response.StatusCode);
            }
        }
    }

    private async Task RunAsync(Visit visit)
    {
        var cancelled = visit.Http.RequestAborted;
        var isControl = visit.Route?.Access == Access.Control;
        IReadOnlyList<FaultRule> faults = [];
        Answer answer;
        try
        {
            var world = Admit(visit);
            if (!isControl)
            {
                faults = Strike(visit);
                visit = faults.Aggregate(visit, (seen, rule) => rule.Fault.Incoming(seen));
                await WaitAsync(cancelled);
                if (await DroppedAsync(visit, faults, cancelled))
                {
                    return;
                }
            }

            answer = Instead(visit, faults) ?? Handle(visit, world);
        }
        catch (ApiException refusal)
        {
            answer = Refuse(refusal);
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            // Without this the client would see an empty 500 and nobody would know why.
            answer = Refuse(new ApiException(500, $"the simulator itself failed: {bug.Message}"));
        }

        await SendAsync(visit, answer, faults, cancelled);
    }

    private IReadOnlyList<FaultRule> Strike(Visit visit)
    {
        var faults = simulation.Faults.Striking(visit);
        foreach (var fault in faults)
        {
            simulation.Statistics.Struck(fault.Kind);
        }

        return faults;
    }

    private async Task<bool> DroppedAsync(Visit visit, IReadOnlyList<FaultRule> faults, CancellationToken cancellationToken)
    {
        foreach (var rule in faults)
        {
            if (await rule.Fault.BeforeAsync(visit, simulation.Time, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    private static Answer? Instead(Visit visit, IReadOnlyList<FaultRule> faults)
    {
        Answer? answer = null;
        for (var position = 0; position < faults.Count && answer is null; position++)
        {
            answer = faults[position].Fault.Instead(visit);
        }

        return answer;
    }

    private async Task SendAsync(Visit visit, Answer answer, IReadOnlyList<FaultRule> faults, CancellationToken cancellationToken)
    {
        if (answer.Lines is not null)
        {
            await Transport.SendLinesAsync(visit.Http, answer, cancellationToken);
            return;
        }

        if (answer.Part is { } part)
        {
            await Transport.SendPartAsync(visit.Http, answer, part, simulation.Clock.GetUtcNow() + answer.DateShift, cancellationToken);
            return;
        }

        foreach (var rule in faults)
        {
            rule.Fault.Alter(visit, answer);
        }

        var body = Transport.Prepare(visit.Http, answer, simulation.Clock.GetUtcNow() + answer.DateShift);
        foreach (var rule in faults)
        {
            if (await rule.Fault.SendAsync(visit.Http, body, simulation.Time, cancellationToken))
            {
                return;
            }
        }

        await Transport.SendAsync(visit.Http, body, cancellationToken);
    }

    private static Answer Refuse(ApiException refusal)
    {
        var answer = new Answer();
        answer.Fail(refusal);
        foreach (var (name, value) in refusal.Headers)
        {
            answer.Headers[name] = value;
        }

        return answer;
    }

    /// <summary>The workspace that the request's key opens, once its budget has room.</summary>
    private World Admit(Visit visit)
    {
        var route = visit.Route ?? throw ApiException.NotFound();
        if (route.Access == Access.Control)
        {
            return Chosen(visit);
        }

        var world = simulation.Keys.Open(route.Access, visit.Http.Request.Headers.Authorization.ToString());
        if (simulation.BudgetsOf(world).Take(route.Access, visit.Stamp) is { } wait)
        {
            throw TooMany(wait);
        }

        return world;
    }

    /// <summary>Control requests name a workspace by its position; the first is the default.</summary>
    private World Chosen(Visit visit)
    {
        var text = visit.Query["workspace"] ?? "0";
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < simulation.Worlds.Count
            ? simulation.Worlds[number]
            : throw ApiException.NotFound();
    }

    private ApiException TooMany(TimeSpan wait)
    {
        var refusal = new ApiException(429, "too many requests");
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        switch (simulation.Options.RetryAfter)
        {
            case "seconds":
                refusal.Headers["Retry-After"] = seconds.ToString(CultureInfo.InvariantCulture);
                break;
            case "date":
                refusal.Headers["Retry-After"] = simulation.Clock.GetUtcNow().AddSeconds(seconds).ToString("R", CultureInfo.InvariantCulture);
                break;
        }

        return refusal;
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (simulation.Options.Latency > TimeSpan.Zero)
        {
            var spread = simulation.Worlds[0].Dice.Unit(Purpose.Latency, Interlocked.Increment(ref _waits)) * 2 - 1;
            await Task.Delay(simulation.Options.Latency * (1 + spread * simulation.Options.LatencyJitter), simulation.Time, cancellationToken);
        }
    }

    private Answer Handle(Visit visit, World world)
    {
        var exchange = new Exchange(world, visit.Route!, visit.Path, visit.Query, visit.Body)
        {
            BaseAddress = simulation.BaseAddress,
            Worlds = simulation.Worlds,
            Headers = visit.Http.Request.Headers,
            HasAuthorization = visit.Http.Request.Headers.Authorization.Count > 0,
        };
        var writes = visit.Route!.Writes;
        if (writes)
        {
            world.Gate.EnterWriteLock();
        }
        else
        {
            world.Gate.EnterReadLock();
        }

        try
        {
            visit.Route.Handle(exchange);
        }
        finally
        {
            if (writes)
            {
                world.Gate.ExitWriteLock();
            }
            else
            {
                world.Gate.ExitReadLock();
            }
        }

        return exchange.Answer;
    }

    private static List<string> PathOf(string raw) => [.. raw.Split('/', StringSplitOptions.RemoveEmptyEntries)];

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpContext http)
    {
        if (http.Request.ContentLength is null or 0 && !http.Request.Headers.ContainsKey("Transfer-Encoding") && http.Request.Protocol != "HTTP/2")
        {
            return default;
        }

        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        return buffer.Length > LargestBody ? throw ApiException.Invalid("the body is too large") : buffer.ToArray();
    }
}
