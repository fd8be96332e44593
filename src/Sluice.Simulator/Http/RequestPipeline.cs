using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sluice.Simulator.Data;
using Sluice.Simulator.Faults;

namespace Sluice.Simulator.Http;

/// <summary>What happens to every request, in order: arrival time, route, key, budget, latency, handler, response.</summary>
internal sealed class RequestPipeline(Simulation simulation)
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
            simulation.Statistics.RequestArrived(stamp, simulation.Time.GetUtcNow(), route?.Key ?? $"{http.Request.Method} unknown");
        }

        var body = await ReadBodyAsync(http);
        var request = new SimulatedRequest(http, route, values, new QueryValues(split < 0 ? "" : target[(split + 1)..]), body, stamp);
        try
        {
            await RunAsync(request);
        }
        finally
        {
            if (!isControl)
            {
                // 0 stands for a connection that ended without a response.
                simulation.Statistics.ResponseSent(http.RequestAborted.IsCancellationRequested ? 0 : http.Response.StatusCode);
            }
        }
    }

    private async Task RunAsync(SimulatedRequest request)
    {
        var cancelled = request.Http.RequestAborted;
        var isControl = request.Route?.Access == Access.Control;
        IReadOnlyList<FaultRule> faults = [];
        ApiResponse response;
        try
        {
            var world = Admit(request);
            if (!isControl)
            {
                faults = MatchFaults(request);
                request = faults.Aggregate(request, (seen, rule) => rule.Fault.RewriteRequest(seen));
                await WaitAsync(cancelled);
                if (await DroppedAsync(request, faults, cancelled))
                {
                    return;
                }
            }

            response = Respond(request, faults) ?? Handle(request, world);
        }
        catch (ApiException refusal)
        {
            response = Refuse(refusal);
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            // Otherwise the client would see an empty 500 without any explanation.
            response = Refuse(new ApiException(500, $"the simulator itself failed: {bug.Message}"));
        }

        await SendAsync(request, response, faults, cancelled);
    }

    private IReadOnlyList<FaultRule> MatchFaults(SimulatedRequest request)
    {
        var faults = simulation.Faults.MatchingRules(request);
        foreach (var fault in faults)
        {
            simulation.Statistics.FaultApplied(fault.Kind);
        }

        return faults;
    }

    private async Task<bool> DroppedAsync(SimulatedRequest request, IReadOnlyList<FaultRule> faults, CancellationToken cancellationToken)
    {
        foreach (var rule in faults)
        {
            if (await rule.Fault.BeforeAsync(request, simulation.Time, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    private static ApiResponse? Respond(SimulatedRequest request, IReadOnlyList<FaultRule> faults)
    {
        ApiResponse? response = null;
        for (var position = 0; position < faults.Count && response is null; position++)
        {
            response = faults[position].Fault.Respond(request);
        }

        return response;
    }

    private async Task SendAsync(SimulatedRequest request, ApiResponse response, IReadOnlyList<FaultRule> faults, CancellationToken cancellationToken)
    {
        if (response.Lines is not null)
        {
            await Transport.SendLinesAsync(request.Http, response, cancellationToken);
            return;
        }

        if (response.Part is { } part)
        {
            await Transport.SendPartAsync(request.Http, response, part, simulation.Clock.GetUtcNow() + response.DateShift, cancellationToken);
            return;
        }

        foreach (var rule in faults)
        {
            rule.Fault.RewriteResponse(request, response);
        }

        var body = Transport.Prepare(request.Http, response, simulation.Clock.GetUtcNow() + response.DateShift);
        foreach (var rule in faults)
        {
            if (await rule.Fault.SendAsync(request.Http, body, simulation.Time, cancellationToken))
            {
                return;
            }
        }

        await Transport.SendAsync(request.Http, body, cancellationToken);
    }

    private static ApiResponse Refuse(ApiException refusal)
    {
        var response = new ApiResponse();
        response.Fail(refusal);
        foreach (var (name, value) in refusal.Headers)
        {
            response.Headers[name] = value;
        }

        return response;
    }

    /// <summary>The workspace of the request's key; throws if its budget is exhausted.</summary>
    private World Admit(SimulatedRequest request)
    {
        var route = request.Route ?? throw ApiException.NotFound();
        if (route.Access == Access.Control)
        {
            return Chosen(request);
        }

        var world = simulation.ApiKeys.Open(route.Access, request.Http.Request.Headers.Authorization.ToString());
        if (simulation.BudgetsOf(world).Take(route.Access, request.Stamp) is { } limit)
        {
            throw TooMany(limit);
        }

        return world;
    }

    /// <summary>Control requests select a workspace by position; the first is the default.</summary>
    private World Chosen(SimulatedRequest request)
    {
        var text = request.Query["workspace"] ?? "0";
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < simulation.Worlds.Count
            ? simulation.Worlds[number]
            : throw ApiException.NotFound();
    }

    /// <summary>A quota of a day is refused without <c>Retry-After</c>: no wait that a client would make helps.</summary>
    private ApiException TooMany(OverLimit limit)
    {
        var earlier = simulation.Options.HasEarlierForm;
        var detail = $"rate limited to {limit.Limit} requests per {limit.Window.TotalSeconds:0}s (reference {limit.Wait.Ticks % 0x1000000:x6})";
        var refusal = new ApiException(429, earlier ? "too many requests" : detail);
        var seconds = Math.Max(1, (int)Math.Ceiling(limit.Wait.TotalSeconds));
        switch (limit.IsDaily && !earlier ? "none" : simulation.Options.RetryAfter)
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
            var spread = simulation.Worlds[0].Random.Unit(RandomStream.Latency, Interlocked.Increment(ref _waits)) * 2 - 1;
            await Task.Delay(simulation.Options.Latency * (1 + spread * simulation.Options.LatencyJitter), simulation.Time, cancellationToken);
        }
    }

    private ApiResponse Handle(SimulatedRequest request, World world)
    {
        var call = new ApiCall(world, request.Route!, request.Path, request.Query, request.Body)
        {
            BaseAddress = simulation.BaseAddress,
            Worlds = simulation.Worlds,
            Headers = request.Http.Request.Headers,
            HasAuthorization = request.Http.Request.Headers.Authorization.Count > 0,
        };
        var writes = request.Route!.Writes;
        if (writes)
        {
            world.Lock.EnterWriteLock();
        }
        else
        {
            world.Lock.EnterReadLock();
        }

        try
        {
            request.Route.Handle(call);
        }
        finally
        {
            if (writes)
            {
                world.Lock.ExitWriteLock();
            }
            else
            {
                world.Lock.ExitReadLock();
            }
        }

        return call.Response;
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
