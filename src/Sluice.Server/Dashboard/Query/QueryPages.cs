using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sluice.Engine;
using Sluice.Server.Auth;
using Sluice.Server.Dashboard.Pages;
using Sluice.Server.Dashboard.Places;
using Sluice.Sql;

namespace Sluice.Server.Dashboard.Query;

/// <summary>SQL over a workspace: its price first, then its rows as a table or as CSV. Nothing is changed here.</summary>
internal static class QueryPages
{
    public static void MapQueryPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/query", ShowAsync).RequireAuthorization(Access.Query);
        routes.MapPost("/query", AskAsync).RequireAuthorization(Access.Query);
        routes.MapPost("/query/rows.csv", DownloadAsync).RequireAuthorization(Access.Query);
    }

    private static async Task<IResult> ShowAsync(PlaceReader places, string? workspace, string? sql, CancellationToken cancel) =>
        DashboardPage.Show<QueryPage>(await ModelAsync(places, new AskedQuery(workspace ?? "", sql ?? "", IsPrice: true), cancel));

    private static async Task<IResult> AskAsync(HttpContext http, PlaceReader places, QueryDesk desk, CancellationToken cancel)
    {
        var asked = AskedQuery.Of(await http.Request.ReadFormAsync(cancel));
        var model = await ModelAsync(places, asked, cancel);
        try
        {
            return DashboardPage.Show<QueryPage>(asked.IsPrice
                ? model with { Price = await desk.PriceAsync(asked, cancel) }
                : await WithRowsAsync(model, desk, cancel));
        }
        catch (SluiceException error)
        {
            return DashboardPage.Show<QueryPage>(model with { Problem = error }, StatusCodes.Status400BadRequest);
        }
    }

    private static async Task<QueryModel> WithRowsAsync(QueryModel model, QueryDesk desk, CancellationToken cancel)
    {
        var rows = await desk.RowsAsync(model.Asked, cancel);
        return model with { Rows = rows, Price = rows.Report };
    }

    // What is wrong is told on the page, as long as no row has gone out.
    private static async Task<IResult> DownloadAsync(HttpContext http, PlaceReader places, QueryDesk desk, CancellationToken cancel)
    {
        var asked = AskedQuery.Of(await http.Request.ReadFormAsync(cancel));
        try
        {
            await desk.WriteCsvAsync(asked, http.Response, cancel);
            return Results.Empty;
        }
        catch (SluiceException error) when (!http.Response.HasStarted)
        {
            http.Response.Headers.Clear();
            return DashboardPage.Show<QueryPage>((await ModelAsync(places, asked, cancel)) with { Problem = error }, StatusCodes.Status400BadRequest);
        }
    }

    private static async Task<QueryModel> ModelAsync(PlaceReader places, AskedQuery asked, CancellationToken cancel) =>
        new((await places.WorkspacesAsync(cancel)).Select(place => place.Workspace.Name).ToList(), asked);
}

/// <summary>A query as it was typed.</summary>
/// <param name="Workspace">The workspace.</param>
/// <param name="Sql">The text.</param>
/// <param name="IsPrice">Whether only its price is wanted.</param>
internal sealed record AskedQuery(string Workspace, string Sql, bool IsPrice)
{
    public static AskedQuery Of(IFormCollection form) =>
        new(form["workspace"].ToString(), form["sql"].ToString(), form["action"].ToString() is not ("rows" or "csv"));
}

/// <summary>What the page of queries shows.</summary>
/// <param name="Workspaces">The workspaces that can be asked.</param>
/// <param name="Asked">What was asked.</param>
internal sealed record QueryModel(IReadOnlyList<string> Workspaces, AskedQuery Asked)
{
    /// <summary>What it costs, or has cost.</summary>
    public QueryReport? Price { get; init; }

    public QueryRows? Rows { get; init; }

    /// <summary>What is wrong with it.</summary>
    public SluiceException? Problem { get; init; }
}
