using System.Text.Json.Nodes;
using Sluice.Tests.Simulator;
using Xunit;

namespace Sluice.Tests.Writes.Backup;

/// <summary>What a backup holds comes back, after it was shown what differs.</summary>
public sealed class RestoreTests
{
    [Theory]
    [InlineData(false, Traits = ["length", "long"])]
    [InlineData(true)]
    public async Task Everything_that_was_changed_or_deleted_is_as_it_was(bool overwrites)
    {
        await using var bench = await BackupBench.StartAsync(SimulatorHarness.Small with { OverwritesContents = overwrites, Customers = 60 });
        await bench.BackupAsync("--members");
        var (contents, files) = (bench.Contents(), bench.Files());
        await SpoilAsync(bench);
        Assert.True(contents.Except(bench.Contents()).Count() > 100);

        var run = await bench.RestoreAsync("--yes");

        Assert.True(run.Code == 0, run.Out + run.Error);
        Assert.Equal(contents, bench.Contents());
        await bench.BackupAsync("--members");
        Assert.Equal(files, bench.Files());
    }

    [Fact]
    public async Task A_dry_run_shows_what_differs_within_80_columns_and_sends_nothing()
    {
        await using var bench = await BackupBench.StartAsync();
        bench.World.Settings.Snippets["long"] = (new string('a', 200) + "old" + new string('b', 200), 1);
        bench.World.Settings.Snippets["\u001b[31mred"] = ("x", 1);
        await bench.BackupAsync();
        bench.World.Settings.Snippets["long"] = (new string('a', 200) + "new" + new string('b', 200), 2);
        await bench.DoAsync("DELETE FROM snippets WHERE name LIKE '%red'", 1);
        await bench.DoAsync("INSERT INTO snippets(name, value) VALUES ('fresh', 'x')");
        await bench.DoAsync("UPDATE collection_rows SET \"row\" = '{\"line\": 5}' WHERE row_index = 1");
        var before = bench.Contents();
        var journals = bench.Statements.Journals.List().Count;

        var run = await bench.RestoreAsync("--dry-run");

        Assert.True(run.Code == 0, run.Error);
        Assert.All(run.Out.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.Contains("snippets/long: changed in Customer.io since the backup\n  value\n  - …aaa", run.Out, StringComparison.Ordinal);
        Assert.Contains("aaanewbbb", run.Out, StringComparison.Ordinal);
        Assert.Contains("aaaoldbbb", run.Out, StringComparison.Ordinal);
        Assert.Contains("(\\x1b[31mred): new\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("snippets/fresh: only in Customer.io: left alone\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("  - {\"line\":5}\n  + {\"line\":1,", run.Out, StringComparison.Ordinal);
        Assert.Contains("made to read.\nNothing was sent.\n", run.Out, StringComparison.Ordinal);
        Assert.Equal(before, bench.Contents());
        Assert.Equal(journals, bench.Statements.Journals.List().Count);
    }

    [Fact]
    public async Task What_was_changed_in_Customer_io_since_is_overwritten_only_with_a_yes()
    {
        await using var bench = await BackupBench.StartAsync();
        await bench.BackupAsync("--only", "snippets");
        await File.WriteAllTextAsync(bench.PathOf("snippets", "address", "value.liquid"), "edited here", TestContext.Current.CancellationToken);
        bench.World.Settings.Snippets["a/b c+d"] = ("edited there", 1);

        var refused = await bench.RestoreAsync("--only", "snippets");
        var no = await bench.Statements.AnswerAsync("no\n", "restore", "saved", "--only", "snippets");
        Assert.Equal((2, 2), (refused.Code, no.Code));
        Assert.Contains("snippets/address: changed in the backup\n", refused.Out, StringComparison.Ordinal);
        Assert.Contains("Changed in Customer.io since the backup: 1 thing. What was", refused.Error, StringComparison.Ordinal);
        Assert.Equal("edited there", bench.World.Settings.Snippets["a/b c+d"].Value);

        var yes = await bench.Statements.AnswerAsync("yes\n", "restore", "saved", "--only", "snippets");

        Assert.True(yes.Code == 0, yes.Error);
        Assert.Equal("needs encoding", bench.World.Settings.Snippets["a/b c+d"].Value);
        Assert.Equal("edited here", bench.World.Settings.Snippets["address"].Value);
    }

    [Fact]
    public async Task Only_what_is_named_is_compared_and_sent()
    {
        await using var bench = await BackupBench.StartAsync();
        await bench.BackupAsync("--only", "snippets,newsletters");
        var before = bench.Contents();
        bench.World.Settings.Snippets["address"] = bench.World.Settings.Snippets["a/b c+d"] = ("x", 1);
        await bench.DoAsync("UPDATE newsletter_contents SET subject = 's' WHERE newsletter_id IN (1, 2)");

        var run = await bench.RestoreAsync("--yes", "--only", "snippets/a/b c+d,newsletters/1-newsletter-1");

        Assert.True(run.Code == 0, run.Error);
        Assert.Equal("x", bench.World.Settings.Snippets["address"].Value);
        Assert.Equal("s", await bench.Statements.AskAsync("SELECT DISTINCT subject FROM newsletter_contents WHERE subject NOT LIKE 'News%'"));
        Assert.DoesNotContain("only in Customer.io", run.Out, StringComparison.Ordinal);
        Assert.Equal(0, (await bench.RestoreAsync("--yes", "--only", "snippets", "--only", "newsletters")).Code);
        Assert.Equal(before, bench.Contents());
    }

    [Theory]
    [InlineData("snipets", "Did you mean snippets?")]
    [InlineData("snippets/adress", "Did you mean address")]
    [InlineData("newsletters/99-x", "the backup has no newsletters/99-x")]
    public async Task What_is_named_and_not_there_is_told(string only, string told)
    {
        await using var bench = await BackupBench.StartAsync();
        await bench.BackupAsync("--only", "snippets,newsletters");

        var run = await bench.RestoreAsync("--only", only);

        Assert.Equal(2, run.Code);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_call_can_bring_back_is_named_and_the_rest_comes_back()
    {
        await using var bench = await BackupBench.StartAsync();
        await bench.BackupAsync();
        var drawn = bench.World.Campaigns.Values.SelectMany(one => one.Actions.Rows).First(one => one["editor"]?.ToString() == "drag-and-drop");
        drawn["body"] = "drawn anew";
        drawn["layout"] = "another";
        bench.World.Newsletters.Remove(2);
        bench.World.Settings.Snippets["address"] = ("x", 1);

        var run = await bench.RestoreAsync("--yes");

        Assert.Equal(7, run.Code);
        Assert.Contains("  body: was made with the drag-and-drop editor, and can only be changed there\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("  layout: no call changes it\n", run.Out, StringComparison.Ordinal);
        Assert.Contains(
            "newsletters/2-newsletter-2/50003: can't be brought back\n  Customer.io no longer has it, and no call makes one\n",
            run.Out,
            StringComparison.Ordinal);
        Assert.StartsWith("<strong>", bench.World.Settings.Snippets["address"].Value, StringComparison.Ordinal);
        Assert.Equal("drawn anew", drawn["body"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_state_of_sending_and_a_recipient_that_is_shown_blank_stay_as_they_are()
    {
        await using var bench = await BackupBench.StartAsync();
        var message = bench.World.Campaigns.Values.SelectMany(one => one.Actions.Rows).First(one => one["type"]?.ToString() == "twilio");
        message["recipient"] = "{{customer.phone}}";
        message["sending_state"] = "automatic";
        await bench.BackupAsync("--only", "campaigns");
        message["body"] = "changed";
        message["sending_state"] = "off";

        var run = await bench.RestoreAsync("--yes");

        Assert.True(run.Code == 0, run.Error);
        Assert.NotEqual("changed", message["body"]!.GetValue<string>());
        Assert.Equal(("off", "{{customer.phone}}"), (message["sending_state"]!.GetValue<string>(), message["recipient"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Two_of_one_name_come_back_as_two_and_are_left_alone_when_there_are_not_as_many()
    {
        await using var bench = await BackupBench.StartAsync();
        await bench.DoAsync("INSERT INTO segments(name, description) VALUES ('twin', 'first'), ('twin', 'second')");
        await bench.BackupAsync("--only", "segments");
        var files = bench.Files();
        Assert.Equal(2, files.Keys.Count(path => path.StartsWith("segments/twin", StringComparison.Ordinal)));
        await bench.DoAsync("DELETE FROM segments WHERE name = 'twin'", 2);
        Assert.Equal(0, (await bench.RestoreAsync("--yes")).Code);
        await bench.BackupAsync("--only", "segments");
        Assert.Equal(files, bench.Files());

        await bench.DoAsync("DELETE FROM segments WHERE name = 'twin' AND description = 'first'", 1);
        var run = await bench.RestoreAsync("--yes");

        Assert.Equal(7, run.Code);
        Assert.Contains("which is which can't be told", run.Out, StringComparison.Ordinal);
        Assert.Equal("1", await bench.Statements.AskAsync("SELECT count(*) FROM segments WHERE name = 'twin'"));
    }

    [Fact]
    public async Task Rows_that_a_restore_has_overwritten_are_written_back_by_undo()
    {
        await using var bench = await BackupBench.StartAsync();
        await bench.BackupAsync("--only", "collections");
        await bench.DoAsync("UPDATE collection_rows SET \"row\" = '{\"mine\": 1}' WHERE collection_id = 2");
        Assert.Equal(0, (await bench.RestoreAsync("--yes", "--only", "collections")).Code);
        Assert.Equal("", await bench.Statements.AskAsync("SELECT \"row\" FROM collection_rows WHERE \"row\"->>'mine' = '1'"));

        var undone = await bench.Statements.ToolAsync("writes", "undo", bench.Statements.Journals.List()[0].Id);

        Assert.True(undone.Code == 0, undone.Error);
        Assert.Equal("1", await bench.Statements.AskAsync("SELECT \"row\"->>'mine' FROM collection_rows WHERE collection_id = 2"));
    }

    [Fact]
    public async Task Into_another_workspace_goes_only_what_is_known_by_its_name()
    {
        await using var bench = await BackupBench.StartAsync();
        await bench.BackupAsync("--only", "snippets,transactional");
        await AnotherWorkspace.MakeAsync(bench.Folder);
        bench.World.Settings.Snippets.Remove("address");

        var refused = await bench.RestoreAsync("--yes");
        Assert.Equal(2, refused.Code);
        Assert.Contains("messages are known by their numbers, which mean others there", refused.Error, StringComparison.Ordinal);
        var run = await bench.RestoreAsync("--yes", "--only", "snippets");

        Assert.True(run.Code == 0, run.Error);
        Assert.True(bench.World.Settings.Snippets.ContainsKey("address"));
    }

    [Fact]
    public async Task The_line_end_that_an_editor_puts_behind_a_snippet_is_no_difference()
    {
        await using var bench = await BackupBench.StartAsync();
        await bench.BackupAsync("--only", "snippets");
        await File.WriteAllTextAsync(
            bench.PathOf("snippets", "address", "value.liquid"), "\n edited \n\n", TestContext.Current.CancellationToken);

        var first = await bench.RestoreAsync("--yes");
        var second = await bench.RestoreAsync("--yes");

        Assert.True(first.Code == 0, first.Error);
        Assert.Equal("edited", bench.World.Settings.Snippets["address"].Value);
        Assert.StartsWith("3 the same\n", second.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_differs_is_written_as_JSON()
    {
        await using var bench = await BackupBench.StartAsync();
        await bench.BackupAsync("--only", "snippets");
        bench.World.Settings.Snippets["address"] = ("x", 1);

        var run = await bench.RestoreAsync("--dry-run", "--json");

        var json = JsonNode.Parse(run.Out)!;
        Assert.Equal((1, 2), (json["changed"]!.GetValue<int>(), json["same"]!.GetValue<int>()));
        Assert.Equal("x", json["things"]![0]!["differences"]![0]!["lines"]![0]!["now"]![0]!.GetValue<string>());
    }

    // Every text that can be written, every collection, and some of all that can be deleted.
    private static async Task SpoilAsync(BackupBench bench)
    {
        await bench.DoAsync("UPDATE snippets SET value = 'spoilt'");
        await bench.DoAsync("DELETE FROM snippets WHERE name = 'a/b c+d'", 1);
        await bench.DoAsync("UPDATE collections SET data = '[{\"spoilt\": 1}]'");
        await bench.DoAsync("DELETE FROM collections WHERE name IN ('lines', 'empty')", 2);
        await bench.DoAsync("DELETE FROM segments WHERE name = 'Hand-picked'", 1);
        await bench.DoAsync("DELETE FROM segment_memberships WHERE segment_id = 4 AND id IS NOT NULL");
        await bench.DoAsync(
            "UPDATE campaign_actions SET subject = 's', preheader_text = 'p', body_amp = 'amp', from_id = 1, "
            + "headers = '[{\"name\":\"X\",\"value\":\"y\"}]' WHERE type = 'email'");
        await bench.DoAsync("UPDATE campaign_actions SET body = 'b', url = 'https://example.com', method = 'put' WHERE type = 'webhook'");
        await bench.DoAsync("UPDATE broadcast_actions SET body = 'b' WHERE type IN ('email', 'push') AND editor IS DISTINCT FROM 'drag-and-drop'");
        await bench.DoAsync("UPDATE newsletter_contents SET subject = 's', body = '{\"a\": 1}' WHERE type = 'email'");
        await bench.DoAsync("UPDATE newsletter_contents SET body = 'b' WHERE type IN ('twilio', 'push', 'webhook')");
        await bench.DoAsync("UPDATE transactional_contents SET body = 'b', subject = 's', recipient = 'r', reply_to_id = 2");
    }
}
