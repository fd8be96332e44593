using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Server.Auth;
using Sluice.Server.Checks;
using Sluice.Server.Dashboard.Pages;
using Sluice.Server.Gate;
using Sluice.Server.Pipelines;
using Sluice.Server.Runs;
using Sluice.Server.Secrets;
using Sluice.Settings;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Dashboard.Admin;

/// <summary>The first page of a server that has no pipeline: from a key to a first run.</summary>
internal static class SetupPages
{
    public const string Path = "/setup";

    private const string KeyVariable = "CUSTOMERIO_APP_API_KEY";
    private const string AppVariable = "CUSTOMERIO_BASE_URL";
    private const string AddressVariable = "SLUICE_DESTINATION";
    private const string Sync = "daily";

    public static void MapSetupPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, async (StoredPipelines stored, PipelineStore pipelines, CancellationToken cancel) =>
            await stored.IsSetUpAsync(await pipelines.ReadAsync(cancel), cancel)
            ? new SeeOther("/")
            : DashboardPage.Show<SetupPage>(new SetupModel(SetupAnswers.Usual, [], null))).RequireAuthorization(Access.Admin);
        routes.MapPost(Path, SetUpAsync).RequireAuthorization(Access.Admin);
    }

    private static async Task<IResult> SetUpAsync(HttpContext http, SetupParts parts, CancellationToken cancel)
    {
        if (await parts.Stored.IsSetUpAsync(await parts.Pipelines.ReadAsync(cancel), cancel))
        {
            return new SeeOther("/");
        }

        var answers = SetupAnswers.Of(await http.Request.ReadFormAsync(cancel));
        try
        {
            var findings = await CheckAsync(answers, parts, cancel);
            if (findings.Any(finding => finding.Error is not null))
            {
                return DashboardPage.Show<SetupPage>(new SetupModel(answers.WithoutSecrets(), findings, null), StatusCodes.Status400BadRequest);
            }

            await KeepAsync(answers, http, parts, cancel);
            return Went.To(SyncPages.PathOf("sync", Sync), Notices.SetUp);
        }
        catch (SluiceException error)
        {
            return DashboardPage.Show<SetupPage>(new SetupModel(answers.WithoutSecrets(), [], error), StatusCodes.Status400BadRequest);
        }
    }

    private static async Task<IReadOnlyList<Finding>> CheckAsync(SetupAnswers answers, SetupParts parts, CancellationToken cancel)
    {
        var mistakes = new ValidationErrors();
        var source = SourceAddress.Read(
            $"customerio://?region={answers.Region}",
            name => name == KeyVariable ? answers.Key
                : name.StartsWith("CUSTOMERIO_", StringComparison.Ordinal) && name.EndsWith("BASE_URL", StringComparison.Ordinal)
                    ? parts.Options.Variables(name)
                    : null,
            mistakes);
        mistakes.ThrowIfAny();
        parts.Files.Check(answers.Destination);
        return
        [
            .. await ConnectionCheck.OfWorkspaceAsync(source!, client => new CustomerIoClient(client, parts.Time), cancel),
            .. await ConnectionCheck.OfDestinationAsync(answers.Destination, cancel),
        ];
    }

    private static async Task KeepAsync(SetupAnswers answers, HttpContext http, SetupParts parts, CancellationToken cancel)
    {
        var by = Visitor.NameOf(http.User);
        var hidesAddress = DestinationAddress.FindPassword(answers.Destination) is not null;
        var text = PipelineTemplate.Write(new InitAnswers(
            "main", answers.Region, KeyVariable, hidesAddress ? $"${{{AddressVariable}}}" : answers.Destination, TableList.Default)
        {
            Schedule = "daily",
            MoreOfWorkspace =
            [
                .. parts.Options.Variables("CUSTOMERIO_BASE_URL") is null
                    ? []
                    : (IEnumerable<(string, string)>)[("base_url", "CUSTOMERIO_BASE_URL")],
            ],
        });
        await parts.Secrets.SetAsync(KeyVariable, answers.Key, by, cancel);
        if (hidesAddress)
        {
            await parts.Secrets.SetAsync(AddressVariable, answers.Destination, by, cancel);
        }

        if (await parts.Stored.CheckAsync(text, cancel) is [var mistake, ..])
        {
            throw new SluiceException(SluiceErrorKind.Config, mistake.Message, mistake.Fix);
        }

        await parts.Stored.KeepAsync(text, by, cancel);
        await parts.Trail.RecordAsync(http, "set up", "pipeline", null, cancel);
        await parts.Queue.AskAsync(new RunTarget(Sync, RunKind.Sync), RunReason.Manual, by, RunChoices.None, cancel);
    }
}

/// <summary>What setting up needs.</summary>
internal sealed record SetupParts(
    PipelineStore Pipelines, StoredPipelines Stored, SecretStore Secrets,
    RunQueue Queue, AuditTrail Trail, BrowserFiles Files, ServerOptions Options, TimeProvider Time);

/// <summary>What was typed.</summary>
/// <param name="Key">The App API key.</param>
/// <param name="Region">us or eu.</param>
/// <param name="Destination">The address of the destination.</param>
internal sealed record SetupAnswers(string Key, string Region, string Destination)
{
    public static SetupAnswers Usual { get; } = new("", "us", "duckdb:///customerio.duckdb");

    public static SetupAnswers Of(IFormCollection form) =>
        new(form["key"].ToString().Trim(), form["region"].ToString() == "eu" ? "eu" : "us", form["destination"].ToString().Trim());

    /// <summary>The same as it may be shown again.</summary>
    public SetupAnswers WithoutSecrets() =>
        this with { Key = "", Destination = DestinationAddress.FindPassword(Destination) is null ? Destination : "" };
}

/// <summary>What the page shows.</summary>
/// <param name="Answers">What was typed before.</param>
/// <param name="Findings">What came of checking it.</param>
/// <param name="Problem">What is wrong with it.</param>
internal sealed record SetupModel(SetupAnswers Answers, IReadOnlyList<Finding> Findings, SluiceException? Problem);
