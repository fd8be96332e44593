using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sluice.Server.Auth;
using Sluice.Server.Dashboard.Pages;
using Sluice.Writes.Journal;

namespace Sluice.Server.Dashboard.Places;

/// <summary>The pages of what was sent to Customer.io from this node, from the journals in its work folder.</summary>
internal static class WritePages
{
    private const int Most = 100;

    public static void MapWritePages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/writes", (ServerOptions options) =>
            DashboardPage.Show<WritesPage>(new WritesModel([.. new JournalFolder(options.WorkFolder).List().Take(Most)], options.Node)))
            .RequireAuthorization(Access.Reader);
        routes.MapGet("/writes/{id}", ShowOne).RequireAuthorization(Access.Reader);
    }

    private static IResult ShowOne(string id, ServerOptions options) => new JournalFolder(options.WorkFolder).Find(id) is { } found
        ? DashboardPage.Show<WritePage>(found)
        : MissingPage.Show($"There is no journal '{id}' on this node.");
}

/// <summary>What the page of journals shows.</summary>
/// <param name="Journals">The journals, the latest first.</param>
/// <param name="Node">The node whose they are.</param>
internal sealed record WritesModel(IReadOnlyList<JournalState> Journals, string Node);
