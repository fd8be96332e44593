using Sluice.Cli;
using Sluice.Cli.Commands;
using Sluice.Settings.Pipelines;
using Sluice.Tests.Cli;
using Xunit;

namespace Sluice.Tests.Config.Pipeline;

/// <summary>The pushes of a pipeline file.</summary>
public sealed class PipelinePushTests
{
    private const string Head = """
        version: 1
        workspaces: {main: {app_api_key: "${KEY}"}}
        destinations: {w: "duckdb:///crm.duckdb"}
        pushes:

        """;

    [Fact]
    public void A_push_has_all_that_is_said_of_it()
    {
        var push = Assert.Single(Read(Head + """
              a:
                query: SELECT 1
                into: people
                key: user_id
                mode: mirror
                map: {user_id: id, x: "-"}
                types: {seen: time}
                nulls: clear
                max_deletes: 5%
                schedule: {cron: "0 6 * * *", time_zone: Europe/Berlin}
            """).Pushes);
        Assert.Equal(("a", "main", "w"), (push.Name, push.Workspace.Name, push.From!.Name));
        Assert.Equal(("SELECT 1", "people", "mirror"), (push.Query, push.Into, push.Mode));
        Assert.Equal(["user_id=id", "x=-"], push.Maps);
        Assert.Equal((true, "5%", "Europe/Berlin"), (push.ClearsNulls, push.MaxDeletes, push.Schedule!.TimeZone));
    }

    [Theory]
    [InlineData("  a: {into: people}\n", "5:6:", "The push a needs either a query or a file.")]
    [InlineData("  a: {query: SELECT 1, file: x.csv, into: people}\n", "5:6:", "The push a needs either a query or a file.")]
    [InlineData("  a: {file: x.csv, from: w, into: people}\n", "5:26:", "A file is read as it is")]
    [InlineData("  a: {query: SELECT 1}\n", "5:6:", "The key into is missing in the push a.")]
    [InlineData("  a: {query: SELECT 1, into: peopel}\n", "5:30:", "Nothing can be pushed into 'peopel'.\n  Did you mean people?")]
    [InlineData("  a: {query: SELECT 1, into: deletes}\n", "5:30:", "Nothing can be pushed into 'deletes'.")]
    [InlineData("  a: {query: SELECT 1, into: segment}\n", "5:30:", "The segment has no name.")]
    [InlineData("  a: {query: SELECT 1, into: \"people:x\"}\n", "5:30:", "people has nothing behind a colon.")]
    [InlineData(
        "  a: {query: SELECT 1, into: events, mode: mirror, key: n}\n",
        "5:44:",
        "The mode mirror does not go with events.\n  There is append alone.")]
    [InlineData("  a: {query: SELECT 1, into: events}\n", "5:6:", "events needs a key")]
    [InlineData("  a: {query: SELECT 1, into: \"collection:stock\"}\n", "5:6:", "collection needs a key")]
    [InlineData("  a: {query: SELECT 1, into: people, mode: miror}\n", "5:44:", "mode can't be 'miror'.\n  Did you mean mirror?")]
    [InlineData("  a: {query: SELECT 1, into: people, max_deletes: some}\n", "5:51:", "max_deletes can't be 'some'.")]
    [InlineData("  a: {query: SELECT 1, into: people, from: v}\n", "5:44:", "There is no destination 'v'.")]
    [InlineData("  a: {query: SELECT 1, into: people, schedule: often}\n", "5:48:", "schedule has 1 fields instead of 5")]
    [InlineData("  a: {query: SELECT 1, into: people, nul: clear}\n", "5:38:", "There is no key 'nul' in the push a.\n  Did you mean nulls?")]
    public void Every_mistake_is_told_with_its_place(string push, string place, string problem)
    {
        var words = PipelineBench.Words(Read(Head + push));
        Assert.Contains($"sluice.yaml:{place}", words, StringComparison.Ordinal);
        Assert.Contains(problem, words, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_workspaces_or_destinations_must_be_chosen_among()
    {
        var words = PipelineBench.Words(Read(
            "version: 1\nworkspaces: {main: {app_api_key: a-key-1}, shop: {app_api_key: a-key-2}}\ndestinations: {v: \"duckdb:///v.duckdb\", "
                + "w: \"duckdb:///w.duckdb\"}\npushes:\n  a: {query: SELECT 1, into: people}\n"));
        Assert.Contains("which destination its query asks.\n  Add from: with one of v, w.", words, StringComparison.Ordinal);
        Assert.Contains("which workspace it writes to.\n  Add workspace: with one of main, shop.", words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_has_syncs_with_destinations_or_pushes()
    {
        const string Start = "version: 1\nworkspaces: {main: {app_api_key: \"${KEY}\"}}\n";
        Assert.Equal("", PipelineBench.Words(Read(Start + "pushes: {a: {file: x.csv, into: people}}\n")));
        Assert.Contains("The key syncs is missing in the file.", PipelineBench.Words(Read(Start)), StringComparison.Ordinal);
        var syncs = PipelineBench.Words(Read(Start + "syncs: {a: {tables: campaigns}}\n"));
        Assert.Contains("The key destinations is missing in the file.", syncs, StringComparison.Ordinal);
        var pushes = PipelineBench.Words(Read(Start + "pushes: {a: {query: SELECT 1, from: w, into: people}}\n"));
        Assert.Contains("There is no destination", pushes, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_that_only_others_need_may_be_missing()
    {
        const string Text = """
            version: 1
            workspaces: {main: {app_api_key: "${KEY}"}, shop: {app_api_key: "${SHOP}"}}
            destinations: {w: "duckdb:///${NAME}"}
            syncs: {all: {tables: campaigns, workspaces: main}}
            pushes:
              a: {workspace: main, file: x.csv, into: people}
              b: {workspace: shop, query: SELECT 1, into: people}
            """;
        PipelineFile Chosen(string push) => new PipelineReader(Context).Read("sluice.yaml", Text, [push], isPush: true);
        Assert.Empty(Chosen("a").ValidationErrors);
        Assert.Equal(2, Chosen("b").ValidationErrors.Count);
    }

    private static PipelineContext Context => PipelineFileOption.Surroundings(
        SettingsLookup(), mayBeUnset: false) with
    { Variables = name => name == "KEY" ? "key-of-main" : null };

    private static SettingsLookup SettingsLookup() => new ToolHarness().Host.Settings;

    private static PipelineFile Read(string text) => new PipelineReader(Context).Read("sluice.yaml", text);
}
