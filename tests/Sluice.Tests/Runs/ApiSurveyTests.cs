using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Runs;

public sealed class ApiSurveyTests
{
    private static readonly SimulatorOptions Options = new()
    {
        Customers = 250,
        Campaigns = 6,
        RequestsPerSecond = 0,
        FreezeClock = true,
    };

    [Fact]
    public async Task Each_endpoint_is_asked_once_and_the_catalog_knows_its_fields()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        using var client = bench.Client();
        var survey = new ApiSurvey(client, ResourceCatalog.Default);

        var answers = await AnswersAsync(survey, bench);

        Assert.Equal(
            ResourceCatalog.Default.Resources.Where(one => one is { SharedWith: null, Reading: not ReadingKind.Export }).Select(one => one.Name),
            answers.Select(answer => answer.Resource.Name).Order(StringComparer.Ordinal));
        Assert.InRange(client.Statistics.Requests, answers.Count, survey.MostRequests);
        Assert.All(answers, answer => Assert.True(answer.Outcome is EndpointOutcome.Answered or EndpointOutcome.Empty, answer.ToString()));
        Assert.All(answers, answer => Assert.Empty(answer.Unknown));
    }

    [Fact]
    public async Task A_field_without_a_column_and_a_column_without_a_field_are_named()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        using var client = bench.Client();
        var campaigns = ResourceCatalog.Default.Find("campaigns")!;
        var survey = new ApiSurvey(client, new ResourceCatalog(
        [
            campaigns with
            {
                Columns =
                [
                    .. campaigns.Columns.Where(column => column.Name is not ("state" or "created")),
                    new Column("no_such_column", ColumnType.Text, "Nothing."),
                ],
            },
        ]));

        var answer = Assert.Single(await AnswersAsync(survey, bench));

        Assert.Equal(
            [KeyValuePair.Create("created", JsonKinds.Integer), KeyValuePair.Create("state", JsonKinds.Text)],
            answer.Unknown.OrderBy(field => field.Key, StringComparer.Ordinal));
        Assert.Contains("no_such_column", answer.Lacking);
    }

    [Fact]
    public async Task A_refused_scope_and_what_hangs_on_it_are_told_and_the_others_are_asked()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        await bench.FaultsAsync("403/v1/campaigns");
        using var client = bench.Client();

        var answers = (await AnswersAsync(new ApiSurvey(client, ResourceCatalog.Default), bench)).ToDictionary(answer => answer.Resource.Name);

        Assert.Equal(EndpointOutcome.Refused, answers["campaigns"].Outcome);
        Assert.Equal("Forbidden, status 403", answers["campaigns"].Detail);
        Assert.Equal(EndpointOutcome.NoParent, answers["campaign_actions"].Outcome);
        Assert.Equal(EndpointOutcome.Answered, answers["newsletters"].Outcome);
    }

    private static async Task<IReadOnlyList<EndpointAnswer>> AnswersAsync(ApiSurvey survey, IngestHarness bench)
    {
        var answers = new List<EndpointAnswer>();
        await foreach (var answer in survey.ReadAsync(DateTimeOffset.UtcNow, TestContext.Current.CancellationToken))
        {
            answers.Add(answer);
        }

        return answers;
    }
}
