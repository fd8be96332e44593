using Sluice.Settings;
using Xunit;

namespace Sluice.Tests.Config.Pipeline;

public sealed class PipelineErrorsTests
{
    [Theory]
    [MemberData(nameof(BadPipelines.Told), MemberType = typeof(BadPipelines))]
    public void A_mistake_is_told_with_its_place_and_what_to_do(string yaml, string place, string message, string fix)
    {
        var file = PipelineBench.Read(BadPipelines.Text(yaml));

        var mistake = Assert.Single(file.ValidationErrors);
        Assert.Equal($"sluice.yaml:{place}", mistake.ToString()[..$"sluice.yaml:{place}".Length]);
        Assert.Contains(message, mistake.Message, StringComparison.Ordinal);
        Assert.Contains(fix, mistake.Fix ?? mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{and: [*f, *f, *f, *f, *f, *f, *f, *f]}", "More than 100000 values")]
    [InlineData("{<<: [*f, *f, *f, *f, *f, *f, *f, *f]}", "More than 100000 values")]
    [InlineData("{and: *f}", "more than 64 levels")]
    public void Aliases_of_aliases_end_at_a_bound_with_their_line(string value, string message)
    {
        var lines = Enumerable.Range(2, 80).Select(line => $"x-{line}: &f{line} {value.Replace("*f", $"*f{line - 1}", StringComparison.Ordinal)}");
        var file = PipelineBench.Read($"x-1: &f1 {{a: 1}}\n{string.Join('\n', lines)}\n");

        var mistake = Assert.Single(file.ValidationErrors);
        Assert.Contains(message, mistake.Message, StringComparison.Ordinal);
        Assert.InRange(mistake.Line, 5, 80);
    }

    [Fact]
    public void A_key_of_the_environment_does_not_go_where_the_file_of_variables_says()
    {
        const string Text = """
            version: 1
            workspaces: {main: {app_api_key: "${KEY}", base_url: "https://${HOST:-x}/"}}
            destinations: {w: "duckdb:///crm.duckdb"}
            syncs: {daily: {tables: [campaigns]}}
            """;

        var file = PipelineBench.Read(
            Text, new Dictionary<string, string> { ["KEY"] = "canary", ["HOST"] = "evil.example" }, new KeyOrigins(name => name == "HOST"));

        var mistake = Assert.Single(file.ValidationErrors);
        Assert.StartsWith("sluice.yaml:2:54: The key in KEY would go to evil.example", mistake.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_NUL_character_in_an_address_is_told_with_its_place()
    {
        var file = PipelineBench.Read("""
            version: 1
            workspaces: {main: {app_api_key: "${KEY}"}}
            destinations: {w: "duckdb:///crm\0.duckdb"}
            syncs: {daily: {tables: [campaigns]}}
            """);

        Assert.StartsWith(
            "sluice.yaml:3:19: The address of the destination holds a NUL", Assert.Single(file.ValidationErrors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once_in_the_order_of_the_file()
    {
        var file = PipelineBench.Read("""
            version: 2
            workspaces:
              main: {app_api_key: "${NONE}", region: mars}
            destinations: {w: "oracle://x"}
            syncs:
              a: {mode: merg, tables: [campains, {messages: {limit: 0, colums: {}}}]}
              b: {destination: v, workspaces: mian, tables: [segments, segments]}
              c: {tables: [segments, segments]}
            """);

        Assert.Equal(
            ["1:10", "3:23", "3:42", "4:19", "6:13", "6:28", "6:57", "6:60", "7:20", "7:35", "8:26"],
            file.ValidationErrors.Select(mistake => $"{mistake.Line}:{mistake.Column}"));
    }

    [Fact]
    public void A_mask_of_a_sync_is_refused_once_for_all_tables()
    {
        var file = PipelineBench.Read(PipelineBench.Head + "  a: {mask: id:sha256, tables: all}\n");

        Assert.Contains(
            "identifies the rows of activities, broadcast_actions", Assert.Single(file.ValidationErrors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_and_passwords_in_the_file_work_with_a_warning_and_stand_in_no_message()
    {
        var file = PipelineBench.Read("""
            version: 1
            workspaces: {main: {app_api_key: canary-key, site_id: s1, track_api_key: canary-track, base_url: "https://canary-key@x"}}
            destinations: {w: "postgresql://u:canary-word@h/db", v: "sqlite://canary-key/", u: {uri: "postgresql://h/db?password=canary-query"}}
            syncs:
              a: {destination: w, schema: canary-key/, mask_salt: canary-salt, mask: canary-salt, tables: canary-track}
            """);

        var words = PipelineBench.Words(file) + string.Join('\n', file.Warnings.Select(warning => $"{warning} {warning.Fix}"));
        Assert.Equal(5, file.Warnings.Count);
        Assert.Contains("${MAIN_APP_API_KEY}", words, StringComparison.Ordinal);
        Assert.Contains("There is no table '***'", words, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", words, StringComparison.Ordinal);
    }

    [Fact]
    public void The_value_of_a_variable_stands_in_no_message()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["KEY"] = "k1", ["SHOP_KEY"] = "canary" };

        var file = PipelineBench.Read(
            PipelineBench.Head + "  a: {mode: \"${SHOP_KEY}\", interval_start: \"${SHOP_KEY}\", limit: \"${SHOP_KEY}\", tables: \"${SHOP_KEY}\"}\n",
            environment);

        Assert.Equal(4, file.ValidationErrors.Count);
        Assert.All(file.ValidationErrors, mistake => Assert.Contains("'${SHOP_KEY}'", mistake.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("canary", PipelineBench.Words(file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_that_is_not_set_is_named()
    {
        var file = PipelineBench.Read(
            PipelineBench.Head + "  a: {tables: campaigns}\n", new Dictionary<string, string>(StringComparer.Ordinal) { ["KEY"] = "k" });

        var mistake = Assert.Single(file.ValidationErrors);
        Assert.Equal(("The variable SHOP_KEY is not set.", 2), (mistake.Message, mistake.Line));
        Assert.Contains(".env", mistake.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_that_only_other_syncs_need_may_be_missing()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["KEY"] = "k" };
        const string Text =
            PipelineBench.Head
            + "  a: {workspaces: main, tables: campaigns}\n  b: {workspaces: shop, tables: segments}\n  c: {workspaces: main, table_prefix: " +
                "\"${PREFIX}\", tables: campaigns}\n";

        Assert.Empty(PipelineBench.Read(Text, environment, false, "a").ValidationErrors);
        Assert.Contains(
            "SHOP_KEY", Assert.Single(PipelineBench.Read(Text, environment, false, "b").ValidationErrors).Message, StringComparison.Ordinal);
        Assert.Contains(
            "PREFIX", Assert.Single(PipelineBench.Read(Text, environment, false, "a", "c").ValidationErrors).Message, StringComparison.Ordinal);
        Assert.Equal(2, PipelineBench.Read(Text, environment).ValidationErrors.Count);
        Assert.Empty(PipelineBench.Read(Text, environment, mayBeUnset: true).ValidationErrors);
    }

    [Fact]
    public void A_file_that_nests_without_end_is_refused()
    {
        var file = PipelineBench.Read("version: " + new string('[', 5000));

        Assert.Contains("levels", Assert.Single(file.ValidationErrors).Message, StringComparison.Ordinal);
    }
}
