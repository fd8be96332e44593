using Microsoft.AspNetCore.Http;
using Sluice.Server.Auth;
using Sluice.Server.Dashboard.Pages;
using Sluice.Server.Pipelines;
using Sluice.Server.Runs;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Dashboard;

/// <summary>Changes the schedule of a sync or push in the pipeline that is set in the browser.</summary>
internal sealed class ScheduleChange(SyncReader reader, StoredPipelines stored, AuditTrail trail)
{
    /// <summary>Keeps the pipeline with the schedule that was typed, or shows what is wrong with it beside what was typed.</summary>
    public async Task<IResult> KeepAsync(RunTarget target, HttpContext http)
    {
        var cancel = http.RequestAborted;
        if (await reader.ReadAsync(target, null, cancel) is not { } model)
        {
            return MissingPage.Show($"There is no {RunWords.Of(target.Kind)} '{target.Name}'.");
        }

        var form = ScheduleForm.Read(await http.Request.ReadFormAsync(cancel));
        var (text, problem) = await WithAsync(model, form, cancel);
        if (text is null)
        {
            return DashboardPage.Show<SyncPage>(model with { Form = form, Problem = problem }, StatusCodes.Status400BadRequest);
        }

        await stored.KeepAsync(text, Visitor.NameOf(http.User), cancel);
        await trail.RecordAsync(http, "changed its schedule", target.ToString(), form.ToYaml(), cancel);
        return Went.To(model.Path, Notices.Kept);
    }

    private async Task<(string? Text, string? Problem)> WithAsync(SyncModel model, ScheduleForm form, CancellationToken cancel)
    {
        if (model.File is { } file)
        {
            return (null, $"The schedule is set in {file}: change it there.");
        }

        if (!ScheduleForm.Kinds.Contains(form.Kind))
        {
            return (null, $"A schedule is one of {string.Join(", ", ScheduleForm.Kinds)}.");
        }

        var section = SyncReader.SectionOf(model.Status.Kind);
        if (ScheduleText.With(await stored.ReadAsync(cancel) ?? "", section, model.Status.Name, form.ToYaml()) is not { } text)
        {
            return (null, "The pipeline writes it in a way that others share: change its text, on the page Pipeline.");
        }

        var mistakes = await stored.CheckAsync(text, cancel);
        return mistakes.Count == 0 ? (text, null) : (null, string.Join(' ', mistakes.Select(one => $"{one.Message} {one.Fix}".TrimEnd())));
    }
}
