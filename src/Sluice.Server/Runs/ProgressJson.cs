using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Engine.Runs;

namespace Sluice.Server.Runs;

/// <summary>Where a run is, as it is kept and served.</summary>
/// <param name="Requests">HTTP requests that were made.</param>
/// <param name="RequestsPerSecond">The rate of the last seconds.</param>
/// <param name="BudgetUsed">The share of the request budget that is used, from 0 to 1.</param>
/// <param name="WaitedSeconds">Seconds that requests waited for the budget, added up.</param>
/// <param name="Tables">The tables.</param>
public sealed record RunPosition(
    long Requests, double RequestsPerSecond, double BudgetUsed, double WaitedSeconds, IReadOnlyList<TablePosition> Tables);

/// <summary>Where a table is.</summary>
/// <param name="Table">The table as it was asked for.</param>
/// <param name="Stage">waiting, reading, committing, done or failed.</param>
/// <param name="Rows">Records read.</param>
/// <param name="Expected">Records that there are, if Customer.io told.</param>
/// <param name="Requests">HTTP requests.</param>
public sealed record TablePosition(string Table, string Stage, long Rows, long? Expected, long Requests);

/// <summary>Writes and reads where a run is.</summary>
[JsonSerializable(typeof(RunPosition))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class ProgressJson : JsonSerializerContext
{
    public static string? Write(RunProgress? progress) =>
        progress is null ? null : JsonSerializer.Serialize(Of(progress), Default.RunPosition);

    public static RunPosition? Read(string? json) => json is null ? null : JsonSerializer.Deserialize(json, Default.RunPosition);

    private static RunPosition Of(RunProgress progress)
    {
        var budget = progress.Budget;
        return new RunPosition(
            budget?.Granted ?? 0,
            budget?.CurrentRate ?? 0,
            budget?.Utilisation ?? 0,
            budget?.Waited.TotalSeconds ?? 0,
            [.. progress.Tables.Select(table => new TablePosition(
                table.Table, table.Stage.ToString().ToLowerInvariant(), table.Rows, table.Expected, table.Requests))]);
    }
}
