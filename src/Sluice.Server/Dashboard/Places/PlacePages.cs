using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sluice.CustomerIo;
using Sluice.Server.Auth;
using Sluice.Server.Checks;
using Sluice.Server.Dashboard.Pages;
using Sluice.Server.Runs;

namespace Sluice.Server.Dashboard.Places;

/// <summary>The pages of workspaces and destinations: their settings without secrets, and whether they can be used.</summary>
internal static class PlacePages
{
    public static void MapPlacePages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/destinations", async (PlaceReader places, CancellationToken cancel) =>
            DashboardPage.Show<DestinationsPage>(new DestinationsModel(await places.DestinationsAsync(cancel), null, [])))
            .RequireAuthorization(Access.Reader);
        routes.MapGet("/workspaces", async (PlaceReader places, CancellationToken cancel) =>
            DashboardPage.Show<WorkspacesPage>(new WorkspacesModel(await places.WorkspacesAsync(cancel), null, [])))
            .RequireAuthorization(Access.Reader);
        routes.MapPost("/destinations/{name}/check", CheckDestinationAsync).RequireAuthorization(Access.Operator);
        routes.MapPost("/workspaces/{name}/check", CheckWorkspaceAsync).RequireAuthorization(Access.Operator);
    }

    private static async Task<IResult> CheckDestinationAsync(string name, PlaceReader places, CancellationToken cancel)
    {
        var all = await places.DestinationsAsync(cancel);
        if (all.FirstOrDefault(one => one.Destination.Name == name) is not { } found)
        {
            return MissingPage.Show($"There is no destination '{name}'.");
        }

        IReadOnlyList<Finding> findings = await places.AddressAsync(found, cancel) is { } uri
            ? await ConnectionCheck.OfDestinationAsync(uri, cancel)
            : [PlaceReader.Unset];
        return DashboardPage.Show<DestinationsPage>(new DestinationsModel(all, name, findings));
    }

    private static async Task<IResult> CheckWorkspaceAsync(
        string name, PlaceReader places, WorkspaceBudgets budgets, TimeProvider time, CancellationToken cancel)
    {
        var all = await places.WorkspacesAsync(cancel);
        if (all.FirstOrDefault(one => one.Workspace.Name == name) is not { } found)
        {
            return MissingPage.Show($"There is no workspace '{name}'.");
        }

        var workspace = await places.KeyedAsync(found, cancel);
        IReadOnlyList<Finding> findings = workspace?.Source is { } source
            ? await ConnectionCheck.OfWorkspaceAsync(source, client => new CustomerIoClient(client, time, budget: budgets.Of(workspace)), cancel)
            : [PlaceReader.Unset];
        return DashboardPage.Show<WorkspacesPage>(new WorkspacesModel(all, name, findings));
    }
}

/// <summary>What the page of destinations shows.</summary>
/// <param name="All">The destinations.</param>
/// <param name="Checked">The one that was checked just now.</param>
/// <param name="Findings">What came of that.</param>
internal sealed record DestinationsModel(IReadOnlyList<DestinationPlace> All, string? Checked, IReadOnlyList<Finding> Findings);

/// <summary>What the page of workspaces shows.</summary>
/// <param name="All">The workspaces.</param>
/// <param name="Checked">The one that was checked just now.</param>
/// <param name="Findings">What came of that.</param>
internal sealed record WorkspacesModel(IReadOnlyList<WorkspacePlace> All, string? Checked, IReadOnlyList<Finding> Findings);
