using Sluice.Engine;
using Sluice.Server.Auth;
using Sluice.Server.Secrets;
using Sluice.ServerTests.Servers;
using Sluice.Tests.Server;
using Xunit;

namespace Sluice.ServerTests.Serving;

/// <summary>Nodes that share a control database in PostgreSQL.</summary>
public sealed class SharedControlTests(PostgresServer postgres)
{
    private static readonly string Key = Convert.ToBase64String([.. Enumerable.Repeat((byte)7, 32)]);

    [Fact]
    public async Task A_login_on_one_node_is_good_on_the_other_also_when_both_start_at_once()
    {
        await using var database = await postgres.NewDatabaseAsync();
        var worlds = await Task.WhenAll(StartAsync(database.Uri, Key, "one"), StartAsync(database.Uri, Key, "two"));
        await using var one = worlds[0];
        await using var two = worlds[1];
        await one.Service<SecretStore>().SetAsync("MY_KEY", "canarysecret", "test", ServerWorld.Cancel);
        using var visitor = await one.LogInAsync(Role.Operator);
        using var there = new ServerVisitor(two.Address);
        there.Cookies.Add(two.Address, visitor.Cookies.GetCookies(one.Address));

        Assert.Contains("\"role\":\"operator\"", await there.ReadAsync("/api/me"), StringComparison.Ordinal);
        Assert.True(Assert.Single(await two.Service<SecretStore>().ListAsync(ServerWorld.Cancel)).IsReadable);
        Assert.Equal("1", await database.QueryAsync("SELECT count(*) FROM sluice_control.data_protection_keys"));
        Assert.Equal("0", await database.QueryAsync("SELECT count(*) FROM sluice_control.secrets WHERE sealed LIKE '%canary%'"));
    }

    [Fact]
    public async Task A_node_without_the_key_or_with_another_does_not_start()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var one = await StartAsync(database.Uri, Key, "one");
        await one.Service<SecretStore>().SetAsync("MY_KEY", "value", "test", ServerWorld.Cancel);

        var without = await Assert.ThrowsAsync<SluiceException>(() => StartAsync(database.Uri, null, "two"));
        var other = await Assert.ThrowsAsync<SluiceException>(() => StartAsync(database.Uri, Convert.ToBase64String(new byte[32]), "three"));

        Assert.Contains("SLUICE_SECRET_KEY", without.Message, StringComparison.Ordinal);
        Assert.Contains("sealed with another key", other.Message, StringComparison.Ordinal);
    }

    private static Task<ServerWorld> StartAsync(string control, string? key, string node) => ServerWorld.StartAsync(options => options with
    {
        Control = control,
        Node = node,
        Time = TimeProvider.System,
        Variables = name => name == "SLUICE_SECRET_KEY" ? key : null,
    });
}
