namespace Sluice.Server.Dashboard;

/// <summary>The list of runs, and the page of a run.</summary>
internal static class RunPages
{
    public static string PathOf(string runId) => $"/runs/{Uri.EscapeDataString(runId)}";
}
