using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sluice.Server.Auth;
using Sluice.Server.Dashboard.Admin;
using Sluice.Server.Dashboard.Pages;
using Sluice.Server.Pipelines;
using Sluice.Server.Runs;
using Sluice.Server.Status;

namespace Sluice.Server.Dashboard;

/// <summary>The list of syncs and pushes.</summary>
internal static class SyncPages
{
    /// <summary>The addresses of syncs and pushes.</summary>
    public static IReadOnlyList<(string Path, RunKind Kind)> Paths { get; } = [("/syncs/{name}", RunKind.Sync), ("/pushes/{name}", RunKind.Push)];

    private const int PageSize = 50;

    public static void MapSyncPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", ListAsync).RequireAuthorization(Access.Reader);
        foreach (var (path, kind) in Paths)
        {
            routes.MapGet(path, (string name, string? before, HttpContext http, SyncReader reader) =>
                ShowAsync(new RunTarget(name, kind), before, http, reader)).RequireAuthorization(Access.Reader);
        }

        routes.MapGet("/syncs/{name}/tables", TablesAsync).RequireAuthorization(Access.Reader);
    }

    /// <summary>The page of a sync or push.</summary>
    public static string PathOf(SyncStatus status) => PathOf(status.Kind, status.Name);

    /// <summary>The same by kind and name.</summary>
    public static string PathOf(string kind, string name) => $"/{kind}{(kind == "push" ? "es" : "s")}/{Uri.EscapeDataString(name)}";

    /// <summary>What tells it from all others.</summary>
    public static string KeyOf(SyncStatus status) => $"{status.Kind} {status.Name}";

    /// <summary>The list with those of a status alone, from a page on.</summary>
    public static string Filter(Freshness? only, string? after = null)
    {
        var query = new QueryString();
        query = only is null ? query : query.Add("show", StatusLook.Of(only.Value).Word);
        query = after is null ? query : query.Add("after", after);
        return $"/{query}";
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, Overview overview, RunWatcher watcher, PipelineStore pipelines, StoredPipelines stored, string? show, string? after,
        CancellationToken cancel)
    {
        var served = await pipelines.ReadAsync(cancel);
        var isSetUp = await stored.IsSetUpAsync(served, cancel);
        if (!isSetUp && Visitor.RoleOf(http.User) >= Role.Admin)
        {
            return new SeeOther(SetupPages.Path);
        }

        var all = await overview.ListAsync(cancel);
        var counts = all.GroupBy(one => one.Freshness).Select(group => (group.Key, group.Count())).OrderBy(pair => Rank(pair.Key)).ToList();
        var only = Enum.GetValues<Freshness>().Where(status => StatusLook.Of(status).Word == show).Cast<Freshness?>().FirstOrDefault();
        var wanted = all.Where(one => only is null || one.Freshness == only).ToList();
        var start = after is null ? 0 : wanted.FindIndex(one => KeyOf(one) == after) + 1;
        var shown = await overview.WithDaysAsync([.. wanted.Skip(start).Take(PageSize)], cancel);
        var next = start + PageSize < wanted.Count ? KeyOf(shown[^1]) : null;
        return DashboardPage.Show<SyncsPage>(new SyncsModel(
            shown, isSetUp ? served.File.ValidationErrors : [], counts, only, next, await watcher.PathAsync(cancel), start > 0));
    }

    private static async Task<IResult> ShowAsync(RunTarget target, string? before, HttpContext http, SyncReader reader) =>
        await reader.ReadAsync(target, before, http.RequestAborted) is { } model
            ? DashboardPage.Show<SyncPage>(model)
            : MissingPage.Show($"There is no {RunWords.Of(target.Kind)} '{target.Name}'.");

    private static async Task<IResult> TablesAsync(string name, SyncReader reader, CancellationToken cancel) =>
        await reader.ReadTablesAsync(name, cancel) is { } model
            ? DashboardPage.Show<SyncTablesPage>(model)
            : MissingPage.Show($"There is no sync '{name}'.");

    // What wants somebody to look comes first.
    private static int Rank(Freshness status) => status switch
    {
        Freshness.Failing => 0,
        Freshness.Broken => 1,
        Freshness.Late => 2,
        Freshness.Running => 3,
        Freshness.Queued => 4,
        Freshness.Paused => 5,
        Freshness.New => 6,
        _ => 7,
    };
}
