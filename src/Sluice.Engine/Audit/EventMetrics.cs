using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Engine.Load;
using Sluice.Engine.Runs;

namespace Sluice.Engine.Audit;

/// <summary>
/// Metrics that only a webhook has told of so far: a row that has them beside all that the API says is no different one, if the event is in the
/// table of events.
/// </summary>
/// <param name="destination">Where the events are.</param>
/// <param name="job">The table of messages.</param>
/// <param name="column">Its column with metrics.</param>
internal sealed class EventMetrics(IDestination destination, TableJob job, string column)
{
    private readonly Dictionary<string, (object?[] Key, HashSet<string> Metrics)> _open = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, string> _times = WebhookRules.TimesOf(job);

    public string Column => column;

    /// <summary>Made for a table that webhooks bring events into; null for others.</summary>
    public static async Task<EventMetrics?> OfAsync(IDestination destination, TableJob job, CancellationToken cancel)
    {
        if (!WebhookRules.Takes(job) || WebhookRules.MetricsOf(job) is not { } column)
        {
            return null;
        }

        var states = await destination.SystemTables(job.Schema).ReadStatesAsync(cancel);
        return states.Any(state => state.Source == LedgerLine.OfWebhooks) ? new EventMetrics(destination, job, column) : null;
    }

    /// <summary>Whether all differences of a row may be ones that events tell of; it is looked up at the end.</summary>
    /// <param name="key">The row.</param>
    /// <param name="differing">The columns that differ, with what Customer.io has and what the table has.</param>
    public bool MayTell(object?[] key, IReadOnlyList<(string Column, object? Theirs, object? Ours)> differing)
    {
        var metrics = new HashSet<string>(StringComparer.Ordinal);
        if (key[^1] is not string id || !differing.All(one => MayTell(one.Column, one.Theirs, one.Ours, metrics)))
        {
            return false;
        }

        _open[id] = (key, metrics);
        return true;
    }

    /// <summary>The keys of rows that have more than events tell of.</summary>
    public async Task<IReadOnlyList<object?[]>> UntoldAsync(CancellationToken cancel)
    {
        if (_open.Count > 0 && await destination.ReadTableAsync(job.Schema, WebhookRules.EventsTable, [], cancel) is { } reader)
        {
            await using (reader)
            {
                var (delivery, metric) = (reader.GetOrdinal("delivery_id"), reader.GetOrdinal("metric"));
                while (await reader.ReadAsync(cancel))
                {
                    if (!reader.IsDBNull(delivery) && !reader.IsDBNull(metric) && _open.TryGetValue(reader.GetString(delivery), out var open))
                    {
                        open.Metrics.Remove(reader.GetString(metric));
                    }
                }
            }
        }

        return [.. _open.Values.Where(open => open.Metrics.Count > 0).Select(open => open.Key)];
    }

    private bool MayTell(string name, object? theirs, object? ours, HashSet<string> metrics)
    {
        if (_times.TryGetValue(name, out var metric))
        {
            metrics.Add(metric);
            return theirs is null;
        }

        if (!name.Equals(column, StringComparison.OrdinalIgnoreCase) || Parse(ours) is not { } own)
        {
            return false;
        }

        var other = Parse(theirs) ?? [];
        metrics.UnionWith(own.Select(member => member.Key).Where(member => !other.ContainsKey(member)));
        return other.All(member => JsonNode.DeepEquals(member.Value, own[member.Key]));
    }

    private static JsonObject? Parse(object? value)
    {
        try
        {
            return value is string text ? JsonNode.Parse(text) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
