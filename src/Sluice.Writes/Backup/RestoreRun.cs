using System.Globalization;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Writes.Operations;
using Sluice.Writes.Statements;

namespace Sluice.Writes.Backup;

/// <summary>Sends what a restore changes, each table with a journal of its own, and reads back what can be read back.</summary>
/// <param name="client">The way to the workspace.</param>
/// <param name="settings">What calls are sent with; what tells a table is filled in.</param>
/// <param name="read">Reads rows of the workspace.</param>
/// <param name="time">The clock.</param>
public sealed class RestoreRun(CustomerIoClient client, CallSettings settings, WorkspaceRows read, TimeProvider time)
{
    private const string Memberships = "segment_memberships";

    private readonly List<TableReport> _reports = [];

    /// <summary>How long Customer.io's queue is waited for, until the members of segments are there.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Sends, and compares afterwards.</summary>
    /// <param name="plan">What is to be sent.</param>
    /// <param name="cancel">Lets no further call begin.</param>
    /// <exception cref="SluiceException">The journal can't be written, the key is refused, or Customer.io can't be reached.</exception>
    public async Task<RestoreReport> RunAsync(RestorePlan plan, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(plan);
        foreach (var table in plan.Calls)
        {
            await SendAsync(plan, table.Table, table.Calls, cancel);
        }

        if (plan.AddsMembers)
        {
            await SendAsync(plan, Memberships, MemberCallsOf(plan), cancel);
        }

        var isCancelled = cancel.IsCancellationRequested && _reports.Exists(one => one.Report.Count(CallState.NotTried) > 0);
        return new RestoreReport
        {
            Tables = _reports,
            IsCancelled = isCancelled,
            HasImpossible = plan.Count(RestoreState.Impossible) > 0 || plan.Findings.Any(one => one.Impossible.Count > 0),
            NotAsSent = isCancelled ? [] : await NotAsSentAsync(plan, cancel),
        };
    }

    private bool IsOver => !settings.Continues && _reports.Exists(one => one.Report.ExitCode != ExitCode.Done);

    private async Task SendAsync(RestorePlan plan, string table, IReadOnlyList<PlannedCall> calls, CancellationToken cancel)
    {
        var own = settings with
        {
            Source = "restore",
            Target = table,
            Statement = $"{plan.Folder.FullPath}\n{table}",
            Noun = "restore",
            HasLooked = true,
        };
        var report = IsOver || cancel.IsCancellationRequested
            ? new CallReport { Outcomes = [.. calls.Select(call => new CallOutcome(call, CallState.NotTried))] }
            : await new CallRun(client, own, time).RunAsync(calls, cancel);
        _reports.Add(new TableReport(table, report));
    }

    // A segment that was made just now has its id from the answer.
    private IReadOnlyList<PlannedCall> MemberCallsOf(RestorePlan plan)
    {
        var made = (_reports.Find(one => one.Table == "segments")?.Report.Outcomes ?? [])
            .Where(one => one.State == CallState.Done && one.Answer?["id"] is not null)
            .Select(one => (one.Call.Key, Id: long.Parse(one.Answer!["id"]!.ToString(), CultureInfo.InvariantCulture)))
            .ToList();
        var rows = new List<RowChange>();
        foreach (var segment in plan.Members)
        {
            var place = segment.Segment is null ? made.FindIndex(one => one.Key == $"name={segment.Name}") : -1;
            if ((segment.Segment ?? (place < 0 ? null : made[place].Id)) is not { } id)
            {
                continue;
            }

            rows.AddRange(segment.Members.Select((member, index) => new RowChange("insert", rows.Count + index, null, member.In(id))));
            made.RemoveAll(one => place >= 0 && one.Id == id);
        }

        return new CallPlan(TableWritesCatalog.Find(Memberships)!, ResourceCatalog.Default.Find(Memberships)!.PrimaryKey).Make(rows);
    }

    // Contents of messages are compared right after their calls.
    private async Task<IReadOnlyList<string>> NotAsSentAsync(RestorePlan plan, CancellationToken cancel)
    {
        var wrong = new List<string>();
        foreach (var (kind, items) in plan.Touched.Where(one => one.Key.Parent is null && WasSent(one.Key)))
        {
            var until = time.GetUtcNow() + (kind.HasMembers ? Patience : TimeSpan.Zero);
            var pause = TimeSpan.FromSeconds(1);
            var left = await RestorePlan.CompareAsync(plan.Folder, kind, items, read, cancel);
            while (left.Count > 0 && time.GetUtcNow() < until)
            {
                await Task.Delay(pause, time, cancel);
                pause *= 2;
                left = await RestorePlan.CompareAsync(plan.Folder, kind, items, read, cancel);
            }

            wrong.AddRange(left);
        }

        return wrong;
    }

    private bool WasSent(BackupKind kind) => _reports
        .Where(one => one.Table == kind.Table || (kind.HasMembers && one.Table == Memberships))
        .Any(one => one.Report.Outcomes.Count > 0 && one.Report.Count(CallState.Refused, CallState.Unknown, CallState.NotTried) == 0);
}

/// <summary>What became of the calls of one table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Report">What became of them.</param>
public sealed record TableReport(string Table, CallReport Report);

/// <summary>What became of a restore.</summary>
public sealed record RestoreReport
{
    /// <summary>Table by table.</summary>
    public required IReadOnlyList<TableReport> Tables { get; init; }

    /// <summary>Things that Customer.io has taken and that are not as they were sent.</summary>
    public IReadOnlyList<string> NotAsSent { get; init; } = [];

    /// <summary>Whether it was stopped by the user.</summary>
    public bool IsCancelled { get; init; }

    /// <summary>Whether something of the backup can't be brought back by any call.</summary>
    public bool HasImpossible { get; init; }

    /// <summary>0, 7 when something is missing or unknown, 130 when it was stopped.</summary>
    public int ExitCode => IsCancelled ? Engine.Runs.ExitCode.Cancelled
        : HasImpossible || NotAsSent.Count > 0 || Tables.Any(one => one.Report.ExitCode != Engine.Runs.ExitCode.Done) ? Engine.Runs.ExitCode.Partial
        : Engine.Runs.ExitCode.Done;
}
