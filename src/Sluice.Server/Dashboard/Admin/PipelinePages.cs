using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sluice.Server.Auth;
using Sluice.Server.Dashboard.Pages;
using Sluice.Server.Pipelines;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Dashboard.Admin;

/// <summary>The page of the pipeline's text: read-only when it is in a file.</summary>
internal static class PipelinePages
{
    private const string Path = "/pipeline";

    public static void MapPipelinePages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, async (PipelineTexts texts, CancellationToken cancel) =>
            DashboardPage.Show<PipelinePage>(await texts.ReadAsync(cancel))).RequireAuthorization(Access.Admin);
        routes.MapGet("/pipeline/sluice.yaml", async (PipelineTexts texts, CancellationToken cancel) =>
            Results.File(Encoding.UTF8.GetBytes((await texts.ReadAsync(cancel)).Text), "application/yaml", "sluice.yaml"))
            .RequireAuthorization(Access.Admin);
        routes.MapPost(Path, KeepAsync).RequireAuthorization(Access.Admin);
    }

    private static async Task<IResult> KeepAsync(
        HttpContext http, PipelineTexts texts, StoredPipelines stored, AuditTrail trail, CancellationToken cancel)
    {
        var text = (await http.Request.ReadFormAsync(cancel))["text"].ToString().ReplaceLineEndings("\n");
        var mistakes = await stored.CheckAsync(text, cancel);
        if (mistakes.Count > 0)
        {
            var model = (await texts.ReadAsync(cancel)) with { Text = text, Mistakes = mistakes };
            return DashboardPage.Show<PipelinePage>(model, StatusCodes.Status400BadRequest);
        }

        await stored.KeepAsync(text, Visitor.NameOf(http.User), cancel);
        await trail.RecordAsync(http, "changed the pipeline", "pipeline", null, cancel);
        return Went.To(Path, Notices.Kept);
    }
}

/// <summary>Reads the text of the pipeline, without the secrets that may stand in a file.</summary>
internal sealed class PipelineTexts(PipelineStore pipelines, StoredPipelines stored)
{
    public async Task<PipelineModel> ReadAsync(CancellationToken cancel)
    {
        var served = await pipelines.ReadAsync(cancel);
        if (served.Path is null)
        {
            return new PipelineModel(await stored.ReadAsync(cancel) ?? "", null, served.File.ValidationErrors);
        }

        var secret = served.File.Warnings.Where(warning => warning.IsOfSecret).Select(warning => warning.Line).ToHashSet();
        var lines = (await File.ReadAllTextAsync(served.Path, cancel)).ReplaceLineEndings("\n").Split('\n');
        var shown = lines.Select((line, place) => secret.Contains(place + 1) ? "# A line that holds a key or a password: it is not shown." : line);
        return new PipelineModel(string.Join('\n', shown), served.Path, served.File.ValidationErrors);
    }
}

/// <summary>What the page of the pipeline shows.</summary>
/// <param name="Text">The text.</param>
/// <param name="File">The file that it is in; null when it is set in the browser.</param>
/// <param name="Mistakes">What is wrong with it.</param>
internal sealed record PipelineModel(string Text, string? File, IReadOnlyList<PipelineError> Mistakes);
