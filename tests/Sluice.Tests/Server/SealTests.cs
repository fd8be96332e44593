using Sluice.Engine;
using Sluice.Server;
using Sluice.Server.Auth;
using Sluice.Server.Control;
using Sluice.Server.Pipelines;
using Sluice.Server.Secrets;
using Sluice.Tests.Secrets;
using Xunit;

namespace Sluice.Tests.Server;

public sealed class SealTests
{
    private static readonly byte[] One = [.. Enumerable.Repeat((byte)1, SealKeys.Bytes)];
    private static readonly byte[] Two = [.. Enumerable.Repeat((byte)2, SealKeys.Bytes)];

    private static CancellationToken Cancel => ServerWorld.Cancel;

    [Fact]
    public void What_is_sealed_opens_with_its_key_and_for_its_purpose_alone()
    {
        var text = new Seal([One]).Close("wörd", "secret A");

        Assert.Equal("wörd", new Seal([One]).Open(text, "secret A"));
        Assert.Equal("wörd", new Seal([Two, One]).Open(text, "secret A"));
        Assert.Null(new Seal([One]).Open(text, "secret B"));
        Assert.Null(new Seal([Two]).Open(text, "secret A"));
        Assert.DoesNotContain("d", new Seal([One]).Close("", "secret A").Split('.')[0], StringComparison.Ordinal);
        Assert.NotEqual(text, new Seal([One]).Close("wörd", "secret A"));
    }

    [Fact]
    public void What_was_altered_does_not_open()
    {
        var text = new Seal([One]).Close("word", "p");
        var bytes = Convert.FromBase64String(text.Split('.')[2]);

        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 1;
            Assert.Null(new Seal([One]).Open($"v1.{text.Split('.')[1]}.{Convert.ToBase64String(bytes)}", "p"));
            bytes[at] ^= 1;
        }

        foreach (var rubbish in new[] { "", "v1", "v1..", $"v1.{text.Split('.')[1]}.", $"v1.{text.Split('.')[1]}.AAAA", $"v2{text[2..]}", "a.b.c.d" })
        {
            Assert.Null(new Seal([One]).Open(rubbish, "p"));
        }
    }

    [Fact]
    public async Task The_key_is_a_file_for_its_owner_alone_and_stays_the_same()
    {
        await using var world = await ServerWorld.StartAsync();
        var path = Path.Combine(world.Folder, ".sluice", SealKeys.FileName);

        var again = SealKeys.Read(_ => null, Path.GetDirectoryName(path)!, isShared: false);

        Assert.Equal(File.ReadAllText(path), Convert.ToBase64String(again[0]));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
            var open = Assert.Throws<SluiceException>(() => SealKeys.Read(_ => null, Path.GetDirectoryName(path)!, isShared: false));
            Assert.StartsWith("chmod 600 ", open.Hint, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("short")]
    [InlineData("c2hvcnQ=")]
    [InlineData("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=,x")]
    public void A_variable_that_is_no_key_is_refused_without_being_shown(string value)
    {
        var error = Assert.Throws<SluiceException>(() => SealKeys.Read(_ => value, "/nowhere", isShared: true));

        Assert.DoesNotContain(value, error.Message + error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_that_share_a_database_need_the_key_in_the_variable()
    {
        var error = Assert.Throws<SluiceException>(() => SealKeys.Read(_ => null, "/nowhere", isShared: true));

        Assert.Contains(SealKeys.Variable, error.Message, StringComparison.Ordinal);
        Assert.Contains("openssl rand -base64 32", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Neither_the_database_nor_another_file_holds_a_secret_a_password_a_token_or_the_key_of_a_cookie()
    {
        await using var world = await ServerWorld.StartAsync();
        await world.Service<SecretStore>().SetAsync("MY_KEY", "canarysecret", "test", Cancel);
        await world.Service<UserAccounts>().AddAsync("ada", Role.Reader, "canarypassword", "test", Cancel);
        using var program = await world.NewProgramAsync(TokenScope.Read);
        using var reader = await world.LogInAsync(Role.Reader);
        using var wrong = await reader.PostFormAsync("/login", ("name", "ada"), ("password", "canarywrong"));

        foreach (var (file, text) in Canary.Files(world.Folder))
        {
            Canary.AssertNone(text, file, ["canary", program.Token![AccessTokens.Prefix.Length..], "masterKey", ServerWorld.Password]);
        }

        Assert.NotEmpty(await world.Service<ControlDatabase>().ListAsync<string>("SELECT name FROM data_protection_keys", null, Cancel));
    }

    [Fact]
    public async Task With_another_key_the_server_does_not_start_until_what_is_lost_is_forgotten()
    {
        await using var world = await ServerWorld.StartAsync();
        await world.Service<SecretStore>().SetAsync("MY_KEY", "value", "test", Cancel);
        using var visitor = await world.LogInAsync(Role.Reader);
        var options = world.Service<ServerOptions>() with { Variables = name => name == SealKeys.Variable ? Convert.ToBase64String(Two) : null };

        await world.StopAsync();
        var refused = await Assert.ThrowsAsync<SluiceException>(() => SluiceServer.StartAsync(options, Cancel));
        await using (var administration = await ServerAdministration.OpenAsync(
            options.WorkFolder, options.Control, options.Variables, world.Time, Cancel))
        {
            Assert.False(Assert.Single(await administration.Secrets.ListAsync(Cancel)).IsReadable);
            Assert.Equal(["MY_KEY"], await administration.Secrets.ForgetAsync(Cancel));
        }

        await world.StartAgainAsync(options);
        Assert.Contains("sluice serve secret forget", refused.Hint, StringComparison.Ordinal);
        Assert.Empty(await world.Service<SecretStore>().ListAsync(Cancel));
    }

    [Fact]
    public async Task A_login_outlives_a_restart()
    {
        await using var world = await ServerWorld.StartAsync();
        using var visitor = await world.LogInAsync(Role.Operator);

        var (options, cookies) = (world.Service<ServerOptions>(), visitor.Cookies.GetCookies(world.Address));

        await world.StopAsync();
        await world.StartAgainAsync(options);
        using var there = new ServerVisitor(world.Address);
        there.Cookies.Add(world.Address, cookies);

        Assert.Contains("\"role\":\"operator\"", await there.ReadAsync("/api/me"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipeline_without_a_file_takes_its_variables_from_the_secrets_and_none_of_the_servers_own()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { [SealKeys.Variable] = Convert.ToBase64String(One) };
        await using var world = await ServerWorld.StartAsync(options => options with { Variables = environment.GetValueOrDefault });
        const string Text = """
            version: 1
            workspaces: {main: {app_api_key: "${MY_KEY}"}}
            destinations: {out: "sqlite:///${SLUICE_SECRET_KEY}"}
            syncs: {all: {workspace: main, destination: out, tables: [campaigns]}}
            """;
        await world.Service<ControlDatabase>().ExecuteAsync(
            "INSERT INTO pipelines (version, content, changed_at, changed_by) VALUES (1, @Text, 0, 'test')", new { Text }, Cancel);
        var store = world.Service<PipelineStore>();

        var before = await store.ReadForAsync("all", Sluice.Settings.Pipelines.PipelineSection.Syncs, Cancel);
        await world.Service<SecretStore>().SetAsync("MY_KEY", "value", "test", Cancel);
        var after = await store.ReadForAsync("all", Sluice.Settings.Pipelines.PipelineSection.Syncs, Cancel);

        Assert.Contains("MY_KEY", Mistakes(before), StringComparison.Ordinal);
        Assert.DoesNotContain("MY_KEY", Mistakes(after), StringComparison.Ordinal);
        Assert.Contains("SLUICE_SECRET_KEY", Mistakes(after), StringComparison.Ordinal);
    }

    private static string Mistakes(Sluice.Settings.Pipelines.PipelineFile file) => string.Join('\n', file.ValidationErrors);
}
