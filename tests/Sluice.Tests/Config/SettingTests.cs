using Sluice.Engine;
using Sluice.Settings;
using Sluice.Settings.Pipelines;
using Sluice.Tests.Config.Pipeline;
using Xunit;

namespace Sluice.Tests.Config;

public sealed class SettingTests
{
    [Fact]
    public void One_error_is_told_in_the_words_of_the_command_line_and_of_the_file()
    {
        var mistakes = new ValidationErrors();
        mistakes.Add(IngestSettings.Schema, $"{IngestSettings.Schema} is {1.5:0.00} too long.", $"Give {IngestSettings.ExcludeColumns}.");

        var error = Assert.Single(mistakes.Found);
        Assert.Equal(("--dest-schema is 1.50 too long.", "Give --exclude-columns."), (error.Message, error.Hint));
        Assert.Equal(("schema is 1.50 too long.", "Give columns."), (error.Problem.InFile(), error.Fix?.InFile()));
    }

    [Fact]
    public void Every_setting_has_one_name_in_each_place()
    {
        Assert.Distinct(PipelineKeys.Sync.Select(setting => setting.Name));
        Assert.Distinct(PipelineKeys.Table.Select(setting => setting.Name));
        Assert.Distinct(IngestSettings.OfCommand.Select(setting => setting.Key.OnCommandLine));
        Assert.Distinct(WorkspaceSettings.All.Select(setting => setting.Name));
    }

    [Fact]
    public void What_is_wrong_with_a_sync_is_told_once_and_not_for_each_table()
    {
        var file = PipelineBench.Read(PipelineBench.Head + "  a: {look_back: 200d, mask: [email:md5, phone:sha256], tables: all}\n");

        Assert.Equal(
            ["sluice.yaml:5:18", "sluice.yaml:5:31"], file.ValidationErrors.Select(mistake => $"{mistake.File}:{mistake.Line}:{mistake.Column}"));
    }

    [Theory]
    [InlineData("{messages: {options: {type: emial}}}", "5:44", "type can't be 'emial'")]
    [InlineData("{messages: {mask: [email:redact, id:sha256]}}", "5:49", "mask id: this can't be masked")]
    [InlineData("{messages: {columns: {id: {mask: redact}}}}", "5:42", "mask id: this can't be masked")]
    public void An_error_stands_at_the_item_that_it_is_about(string table, string place, string words)
    {
        var file = PipelineBench.Read(PipelineBench.Head + $"  a: {{tables: [{table}]}}\n");

        var mistake = Assert.Single(file.ValidationErrors);
        Assert.Contains(words, mistake.Message, StringComparison.Ordinal);
        Assert.Equal(place, $"{mistake.Line}:{mistake.Column}");
    }

    [Theory]
    [InlineData("mode: full_refresh", "{}", true)]
    [InlineData("mode: full_refresh", "{mode: append}", false)]
    [InlineData("full_refresh: true", "{mode: append}", true)]
    [InlineData("full_refresh: true", "{full_refresh: false}", false)]
    public void What_a_table_says_of_itself_is_laid_over_what_its_sync_says(string sync, string own, bool anew) => Assert.Equal(
        anew, Assert.Single(PipelineBench.Tables($"    {sync}\n    tables: [{{campaigns: {own}}}]")).Settings.FullRefresh);

    [Fact]
    public void A_full_refresh_replaces_a_table_but_not_an_archive()
    {
        var jobs = PipelineBench.Tables("    tables: [{messages: {mode: append}}, {campaign_metrics:days: {archive: true}}]");

        Assert.Equal(
            [(Engine.Catalog.Strategy.Replace, true), (Engine.Catalog.Strategy.Merge, true)],
            jobs.Select(job => job.AsFullRefresh()).Select(job => (job.Strategy, job.Settings.FullRefresh)));
    }
}
