using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using DuckDB.NET.Data;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.ServerTests.Cli;

/// <summary>The tool as a process, with keys and people that can be recognized wherever they come out.</summary>
public sealed class SecretsTests
{
    private const string AppKey = "canaryappkey5d41402abc4b2a76";
    private const string SiteId = "canarysiteid9f86d081884c7d65";
    private const string TrackKey = "canarytrackkey7d793037a0760186";
    private const string Email = "canarymail@masked.example";
    private const string Mark = "canary";

    [Fact]
    public async Task No_key_and_no_masked_value_is_said_or_left_by_a_run()
    {
        await using var account = await StartAsync();
        using var tool = NewTool(account);
        foreach (string[] form in new string[][] { ["all"], ["customers,messages,activities", "--log-format", "json", "--json"] })
        {
            var run = (await tool.RunAsync(["ingest", "--debug", "--source-table", .. form])).Ended(ExitCode.Done);

            Assert.Contains("/v1/messages", run.Error, StringComparison.Ordinal);
            AssertClean(run, "openssl");
            AssertCleanFiles(tool);
        }

        await AssertCleanTablesAsync(tool.PathOf("sluice.duckdb"));
    }

    [Fact]
    public async Task A_run_without_masks_does_hold_what_the_others_must_not()
    {
        await using var account = await StartAsync();
        using var tool = NewTool(account);
        tool.Environment.Remove("SLUICE_MASK");
        tool.Environment.Remove("SLUICE_MASK_SALT");

        (await tool.RunAsync("ingest", "--source-table", "customers,customer_attributes,messages")).Ended(ExitCode.Done);

        Assert.Equal(
            1, await Database.CountAsync(tool.PathOf("sluice.duckdb"), $"SELECT count(*) FROM customerio.customers WHERE email = '{Email}'"));
        Assert.Contains(Email, await DumpAsync(tool.PathOf("sluice.duckdb")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_key_and_no_masked_value_is_left_by_a_run_that_was_stopped()
    {
        await using var account = await StartAsync(TimeSpan.FromMilliseconds(50));
        using var tool = NewTool(account);
        using var process = tool.Start("ingest", "--source-table", "all", "--debug");
        var before = await ReadUntilAsync(process, "/v1/reporting_webhooks", "/v1/customers/attributes", "/v1/messages");
        AssertCleanFiles(tool);

        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync(Tool.Cancel);
        }

        var stopped = (await Tool.EndAsync(process)).Ended(ExitCode.Cancelled);
        AssertClean(stopped with { Error = before + stopped.Error }, "openssl");
        Assert.Contains(Files(tool), file => file.Value.Contains("\"cio_id\"", StringComparison.Ordinal));
        AssertCleanFiles(tool);
    }

    [Fact]
    public async Task A_plan_and_a_check_say_no_key_and_no_person()
    {
        await using var account = await StartAsync();
        using var tool = NewTool(account);

        AssertClean((await tool.RunAsync("ingest", "--source-table", "all", "--dry-run", "--debug")).Ended(ExitCode.Done));
        AssertClean(
            (await tool.RunAsync("ingest", "--source-table", "all", "--dry-run", "--json", "--debug", "--log-format", "json")).Ended(ExitCode.Done));
        AssertClean((await tool.RunAsync("check", "--debug")).Ended(ExitCode.Done));
        Assert.Empty(Directory.EnumerateFileSystemEntries(tool.Folder));
    }

    [Theory]
    [InlineData("401/v1/customers", ExitCode.Auth)]
    [InlineData("403/v1/customers", ExitCode.Forbidden, Traits = ["length", "long"])]
    [InlineData("html-error:400/v1/customers", ExitCode.Api)]
    [InlineData("wrong-datacenter/v1/*", ExitCode.Auth, Traits = ["length", "long"])]
    [InlineData("changed-type:email/v1/customers", ExitCode.Done, Traits = ["length", "long"])]
    public async Task An_account_that_fails_makes_nobody_say_a_key(string fault, int code)
    {
        await using var account = await StartAsync();
        using var tool = NewTool(account);
        await SendAsync(account, "POST", "/_sim/faults", $$"""{"faults":["{{fault}}"]}""");

        var run = (await tool.RunAsync("ingest", "--source-table", "customers", "--debug")).Ended(code);

        Assert.Contains("/v1/", run.Error, StringComparison.Ordinal);
        AssertClean(run);
        AssertCleanFiles(tool);
    }

    [Fact]
    public async Task Hashes_without_a_salt_come_with_a_warning_that_says_how_to_make_one()
    {
        await using var account = await StartAsync();
        using var tool = NewTool(account);
        tool.Environment.Remove("SLUICE_MASK_SALT");
        await File.WriteAllTextAsync(tool.PathOf(".env"), "", Tool.Cancel);
        var without = (await tool.RunAsync("ingest", "--source-table", "customers", "--mask", "email:sha256")).Ended(ExitCode.Done);
        Assert.Contains("warning: Without SLUICE_MASK_SALT", without.Error, StringComparison.Ordinal);
        Assert.Contains("openssl rand -hex 32", without.Error, StringComparison.Ordinal);

        await File.WriteAllTextAsync(tool.PathOf(".env"), "SLUICE_MASK_SALT=canarysalt\n", Tool.Cancel);
        string[] again = ["ingest", "--source-table", "customers", "--mask", "email:sha256"];
        (await tool.RunAsync(again)).Ended(ExitCode.Config);
        var with = (await tool.RunAsync([.. again, "--unmask", "email"])).Ended(ExitCode.Done);
        Assert.DoesNotContain("warning", with.Error, StringComparison.Ordinal);
        Assert.Equal(
            1,
            await Database.CountAsync(
                tool.PathOf("sluice.duckdb"),
                "SELECT count(*) FROM customerio.customers WHERE email = 'HASH'".Replace("HASH", Hmac(), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_mask_that_cannot_be_ends_with_2()
    {
        using var tool = new Tool { Environment = { ["CUSTOMERIO_APP_API_KEY"] = "k" } };

        var run = (
            await tool.RunAsync("ingest", "--source-table", "messages,campaign_actions", "--mask", "id:sha256", "--mask", "subject:upper")
        ).Ended(ExitCode.Config);

        Assert.Contains("it identifies the rows of messages, campaign_actions", run.Error, StringComparison.Ordinal);
        Assert.Contains("subject can't be masked by 'upper'", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(tool.Folder));
    }

    private static string Hmac() => Convert.ToHexStringLower(
        System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes("canarysalt"), Encoding.UTF8.GetBytes(Email)));

    private static async Task<SimulatedAccount> StartAsync(TimeSpan latency = default)
    {
        var account = await SimulatedAccount.StartAsync(
            options => options with { AppApiKey = AppKey, SiteId = SiteId, TrackApiKey = TrackKey, Latency = latency });
        using var truth = new HttpClient { BaseAddress = new Uri(account.Address) };
        var line = (await truth.GetStringAsync(new Uri("/_sim/truth/messages", UriKind.Relative), Tool.Cancel))
            .Split('\n')
            .First(row => row.Contains("@example.com", StringComparison.Ordinal));
        var person = JsonDocument.Parse(line).RootElement.GetProperty("customer_identifiers").GetProperty("cio_id").GetString();
        await SendAsync(
            account,
            "POST",
            "/_sim/change",
            $$$"""{"op":"update-person","cio_id":"{{{person}}}","attributes":{"email":"{{{Email}}}","phone":"canaryphone","first_name":"Canaryname"}}"""
        );
        await SendAsync(
            account,
            "POST",
            "/_sim/change",
            $$$$"""{"op":"add-activity","cio_id":"{{{{person}}}}","type":"attribute_change","data":{"email":{"from":"canaryold@x","to":"{{{{Email}}}}"}}}"""
        );
        await SendAsync(
            account,
            "PUT",
            "/v1/reporting_webhooks/2",
            """{"name":"w","endpoint":"https://canaryuser:canarypassword@h.example.com/?token=canarytoken","events":["email_sent"]}""");
        return account;
    }

    private static Tool NewTool(SimulatedAccount account)
    {
        var tool = account.NewTool();
        tool.Environment["CUSTOMERIO_APP_API_KEY"] = AppKey;
        tool.Environment["CUSTOMERIO_SITE_ID"] = SiteId;
        tool.Environment["CUSTOMERIO_TRACK_API_KEY"] = TrackKey;
        tool.Environment["CUSTOMERIO_TRACK_BASE_URL"] = account.Address;
        tool.Environment["SLUICE_SOURCE_URI"] = "customerio://?rate=10000";
        tool.Environment["SLUICE_MASK"] = "email:sha256,recipient:redact,phone?:redact,first_name?:redact";
        tool.Environment["SLUICE_MASK_SALT"] = "canarysalt0b9c2625dc21ef05f6";
        return tool;
    }

    private static async Task SendAsync(SimulatedAccount account, string method, string path, string body)
    {
        using var http = new HttpClient { BaseAddress = new Uri(account.Address) };
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AppKey);
        using var answer = await http.SendAsync(request, Tool.Cancel);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<string> ReadUntilAsync(Process process, params string[] all)
    {
        var text = new StringBuilder();
        while (all.Any(words => !text.ToString().Contains(words, StringComparison.Ordinal)))
        {
            text.AppendLine(
                await process.StandardError.ReadLineAsync(Tool.Cancel)
                    ?? throw new InvalidOperationException($"The tool ended before it said all of {string.Join(", ", all)}:\n{text}"));
        }

        return text.ToString();
    }

    private static void AssertClean(ToolResult run, string? notSaid = null)
    {
        Assert.DoesNotContain(Mark, run.Out, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Mark, run.Error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{SiteId}:{TrackKey}")), run.Out + run.Error, StringComparison.Ordinal);
        if (notSaid is not null)
        {
            Assert.DoesNotContain(notSaid, run.Error, StringComparison.Ordinal);
        }
    }

    private static void AssertCleanFiles(Tool tool) =>
        Assert.All(Files(tool), file => Assert.False(file.Value.Contains(Mark, StringComparison.OrdinalIgnoreCase), $"{file.Key} holds a canary."));

    private static Dictionary<string, string> Files(Tool tool)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);

        // The lock is empty, and whoever holds it lets nobody open it.
        foreach (var path in Directory.EnumerateFiles(tool.Folder, "*", SearchOption.AllDirectories).Where(path => new FileInfo(path).Length > 0))
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            files[path] = reader.ReadToEnd();
        }

        return files;
    }

    private static async Task AssertCleanTablesAsync(string path)
    {
        var dump = await DumpAsync(path);
        Assert.Contains("_sluice_runs: ", dump, StringComparison.Ordinal);
        Assert.Contains("https://***@h.example.com/?token=***", dump, StringComparison.Ordinal);
        Assert.DoesNotContain(Mark, dump, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<string> DumpAsync(string path)
    {
        await using var connection = Database.Open(path);
        var text = new StringBuilder();
        foreach (var table in await ListAsync(connection, "SELECT '\"' || schema_name || '\".\"' || table_name || '\"' FROM duckdb_tables()"))
        {
            foreach (var row in await ListAsync(connection, $"SELECT to_json(t)::VARCHAR FROM {table} t"))
            {
                text.Append(table.Split('"')[3]).Append(": ").AppendLine(row);
            }
        }

        return text.ToString();
    }

    private static async Task<List<string>> ListAsync(DuckDBConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(Tool.Cancel);
        var list = new List<string>();
        while (await reader.ReadAsync(Tool.Cancel))
        {
            list.Add(reader.GetString(0));
        }

        return list;
    }
}
