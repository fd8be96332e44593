using System.Data.Common;
using System.Text;
using System.Text.Json;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Masking;
using Sluice.Engine.Runs;

namespace Sluice.Engine.Webhooks;

/// <summary>
/// Folds the events of a destination once more into a table of messages that was replaced: the API does not have yet what the newest of them tell.
/// </summary>
/// <param name="destination">Where table and events are; nobody else may be loading it.</param>
/// <param name="request">The request of the run that replaced the table.</param>
/// <param name="time">The clock.</param>
public sealed class EventRefold(IDestination destination, IngestRequest request, TimeProvider time)
{
    private const int MostInFold = 20_000;

    /// <summary>Folds for each table that the run has replaced; gives how many events there were, and adds to the report what failed.</summary>
    /// <param name="report">What the run did. It is kept whatever happens here: the tables are loaded.</param>
    /// <param name="cancel">Stops between two folds; doing it again changes nothing.</param>
    public async Task<(RunReport Report, long Events)> RunAsync(RunReport report, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(report);
        var events = 0L;
        try
        {
            foreach (var job in request.Tables.Where(job => job.Strategy == Strategy.Replace && IsDone(job, report)))
            {
                events += await FoldAsync(job, cancel);
            }

            return (report, events);
        }
        catch (Exception error) when (!SluiceException.IsFatal(error))
        {
            const string End = "the events of webhooks were folded once more into the messages that were replaced";
            return (report.WithFailure(error, End, "webhook events"), events);
        }
    }

    private async Task<long> FoldAsync(TableJob replaced, CancellationToken cancel)
    {
        var job = replaced with { Strategy = Strategy.Merge, Settings = replaced.Settings with { FullRefresh = false } };
        // Without the token: a run that was stopped late has nothing to say of events where there are none.
        var states = WebhookRules.Takes(job) ? await destination.SystemTables(job.Schema).ReadStatesAsync(CancellationToken.None) : [];
        return states.Any(state => state.Source == LedgerLine.OfWebhooks) ? await FoldEventsAsync(job, cancel) : 0;
    }

    private static bool IsDone(TableJob job, RunReport report) =>
        report.Tables.Any(table => table.Table == job.Place && table.Outcome is TableOutcome.Done or TableOutcome.Partial);

    private async Task<long> FoldEventsAsync(TableJob job, CancellationToken cancel)
    {
        var folded = 0L;
        var batch = new List<ReceivedEvent>();
        var workspace = "";
        await foreach (var (of, received) in EventsAsync(job.Schema, cancel))
        {
            if (batch.Count == MostInFold || (of != workspace && batch.Count > 0))
            {
                folded += await FoldAsync(job, workspace, batch, cancel);
            }

            workspace = of;
            batch.Add(received);
        }

        return folded + (batch.Count > 0 ? await FoldAsync(job, workspace, batch, cancel) : 0);
    }

    private async Task<long> FoldAsync(TableJob job, string workspace, List<ReceivedEvent> batch, CancellationToken cancel)
    {
        var target = new FoldTarget
        {
            Workspace = workspace,
            Request = request,
            Schema = job.Schema,
            Messages = job,
            // They are masked as they were when they came.
            Masks = EventMasking.Of([MaskSet.None]),
        };
        await new EventFold(destination, target, time).RunAsync(batch, [], cancel);
        var count = batch.Count;
        batch.Clear();
        return count;
    }

    // Read to the end before anything is folded: not every database lets its readers go on meanwhile.
    private async IAsyncEnumerable<(string Workspace, ReceivedEvent Event)> EventsAsync(
        string schema, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var path = Path.Combine(Directory.CreateDirectory(request.StageFolder).FullName, "events.ndjson");
        try
        {
            await CopyAsync(schema, path, cancel);
            await foreach (var line in File.ReadLinesAsync(path, cancel))
            {
                using var row = JsonDocument.Parse(line);
                var of = row.RootElement;
                yield return (
                    of[0].GetString()!,
                    new ReceivedEvent(of[1].GetString()!, of[2].GetDateTimeOffset(), Encoding.UTF8.GetBytes(of[3].GetRawText()), ""));
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private async Task CopyAsync(string schema, string path, CancellationToken cancel)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var file = new StreamWriter(path, options);
        await using var rows = await destination.ReadTableAsync(schema, EventColumns.Table, ["workspace", "received_at", EventColumns.Key], cancel);
        while (rows is not null && await rows.ReadAsync(cancel))
        {
            await file.WriteLineAsync(Line(rows).AsMemory(), cancel);
        }
    }

    private static string Line(DbDataReader row)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartArray();
            json.WriteStringValue(Text(row, "workspace") ?? "");
            json.WriteStringValue(Text(row, EventColumns.Key));
            json.WriteStringValue(row.GetFieldValue<DateTimeOffset>(row.GetOrdinal("received_at")));
            json.WriteStartObject();
            json.WriteString("object_type", Text(row, "object_type"));
            json.WriteString("metric", Text(row, "metric"));
            if (row.GetOrdinal("timestamp") is var at && !row.IsDBNull(at))
            {
                json.WriteNumber("timestamp", row.GetFieldValue<DateTimeOffset>(at).ToUnixTimeSeconds());
            }

            if (Text(row, "data") is { } data)
            {
                json.WritePropertyName("data");
                json.WriteRawValue(data);
            }

            json.WriteEndObject();
            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(line.ToArray());
    }

    private static string? Text(DbDataReader row, string column) =>
        row.GetOrdinal(column) is var place && row.IsDBNull(place) ? null : row.GetString(place);
}
