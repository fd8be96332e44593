using System.Data;
using System.Data.Common;
using Sluice.Data;
using Sluice.Engine;
using Xunit;

namespace Sluice.Tests.Data;

public sealed class SluiceConnectionTests(DataWorld world) : IClassFixture<DataWorld>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_new_connection_is_closed_and_knows_nothing()
    {
        using var connection = new SluiceConnection();

        Assert.Equal(ConnectionState.Closed, connection.State);
        Assert.Equal("", connection.ConnectionString);
        Assert.Equal("", connection.Database);
        Assert.Equal("", connection.DataSource);
        Assert.Throws<InvalidOperationException>(() => connection.ServerVersion);
        Assert.Throws<InvalidOperationException>(connection.Open);
        connection.ConnectionString = null;
        Assert.Equal("", connection.ConnectionString);
        connection.Close();
    }

    [Fact]
    public void Opening_and_closing_raise_events_and_ask_for_nothing()
    {
        using var connection = new SluiceConnection(world.ConnectionString);
        var states = new List<ConnectionState>();
        var requests = 0;
        connection.StateChange += (_, change) => states.Add(change.CurrentState);
        connection.RequestSent += (_, _) => requests++;

        connection.Open();
        Assert.Throws<InvalidOperationException>(connection.Open);
        Assert.Throws<InvalidOperationException>(() => connection.ConnectionString = "");
        Assert.Equal(world.World.Simulator.BaseAddress.Authority, connection.DataSource);
        Assert.Equal("memory", connection.Database);
        Assert.Matches(@"^\d+\.\d+\.\d+$", connection.ServerVersion);
        connection.Close();
        connection.Close();

        Assert.Equal([ConnectionState.Open, ConnectionState.Closed], states);
        Assert.Equal(0, requests);
    }

    [Fact]
    public async Task A_closed_connection_can_be_opened_again()
    {
        await using var connection = world.Open();
        await connection.CloseAsync();
        await connection.OpenAsync(Cancel);

        Assert.Equal(5L, await new SluiceCommand("SELECT count(*) FROM campaigns", connection).ExecuteScalarAsync(Cancel));
    }

    [Fact]
    public async Task A_token_that_is_cancelled_keeps_it_closed()
    {
        await using var connection = new SluiceConnection(world.ConnectionString);

        var opening = connection.OpenAsync(new CancellationToken(canceled: true));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        Assert.True(opening.IsCanceled);
        Assert.Equal(ConnectionState.Closed, connection.State);
    }

    [Fact]
    public void The_key_is_not_to_be_seen_once_it_has_been_open()
    {
        using var connection = new SluiceConnection(world.ConnectionString);
        Assert.Equal(world.ConnectionString, connection.ConnectionString);
        connection.Open();

        Assert.DoesNotContain(world.World.Options.AppApiKey, connection.ConnectionString, StringComparison.Ordinal);
        Assert.Contains("BaseUrl", connection.ConnectionString, StringComparison.Ordinal);
        connection.Close();
        Assert.DoesNotContain(world.World.Options.AppApiKey, connection.ConnectionString, StringComparison.Ordinal);

        using var open = world.Open("Persist Security Info=true");
        Assert.Contains(world.World.Options.AppApiKey, open.ConnectionString, StringComparison.Ordinal);
    }

    [Fact]
    public void Disposing_closes_it_and_its_reader_and_is_told()
    {
        var connection = world.Open();
        var reader = new SluiceCommand("SELECT 1", connection).ExecuteReader();
        var disposed = 0;
        connection.Disposed += (_, _) => disposed++;

        connection.Dispose();

        Assert.Equal(ConnectionState.Closed, connection.State);
        Assert.True(reader.IsClosed);
        Assert.Equal(1, disposed);
        connection.Dispose();
    }

    [Fact]
    public void Its_commands_and_its_factory_are_of_this_provider()
    {
        using DbConnection connection = world.Open();
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();

        Assert.Same(connection, command.Connection);
        Assert.Null(command.Transaction);
        Assert.Same(SluiceFactory.Instance, DbProviderFactories.GetFactory(connection));
        Assert.False(connection.CanCreateBatch);
        Assert.Throws<NotSupportedException>(() => connection.ChangeDatabase("other"));
    }

    [Theory]
    [InlineData("Region=mars", "There is no region 'mars'")]
    [InlineData("KeyEnv=SLUICE_TEST_NO_SUCH_KEY", "There is no App API key")]
    [InlineData("ApiKey=a;KeyEnv=b", "ApiKey and KeyEnv can't be given together")]
    [InlineData("Workspace=main;ApiKey=a", "Workspace can't be given together with ApiKey")]
    [InlineData("Workspace=main;File=/nowhere/sluice.yaml", "There is no pipeline file /nowhere/sluice.yaml")]
    [InlineData("ApiKey=a;BaseUrl=http://example.com", "would send the key to example.com by http")]
    [InlineData("Address=postgres://x", "'postgres://' is no source")]
    public void What_is_wrong_with_the_workspace_is_told_when_it_is_opened(string text, string expected)
    {
        using var connection = new SluiceConnection(text.Contains("mars", StringComparison.Ordinal) ? $"ApiKey=a;{text}" : text);

        var error = Assert.Throws<SluiceDbException>(connection.Open);

        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("--", error.Message, StringComparison.Ordinal);
        Assert.Equal(ConnectionState.Closed, connection.State);
    }

    [Fact]
    public async Task A_workspace_is_an_address_or_a_name_in_a_pipeline_file()
    {
        var (key, address) = (world.World.Options.AppApiKey, world.World.Simulator.BaseAddress);
        var file = Path.Combine(world.World.WorkFolder, "sluice.yaml");
        Directory.CreateDirectory(world.World.WorkFolder);
        await File.WriteAllTextAsync(
            file,
            $$"""
            version: 1
            workspaces:
              main: {app_api_key: {{key}}, base_url: '{{address}}'}
            destinations:
              crm: duckdb:///crm.duckdb
            syncs:
              all: {from: main, to: crm, tables: [campaigns]}
            """,
            Cancel);
        foreach (var text in new[]
        {
            $"Address='customerio://?api_key={key}&base_url={Uri.EscapeDataString(address.ToString())}'",
            $"Address='customerio://?api_key={key}';BaseUrl={address}",
            $"Workspace=main;File={file}",
        })
        {
            await using var connection = new SluiceConnection($"{text};CacheTtl=0");
            await connection.OpenAsync(Cancel);
            Assert.Equal(5L, await new SluiceCommand("SELECT count(*) FROM campaigns", connection).ExecuteScalarAsync(Cancel));
            Assert.DoesNotContain(key, connection.ConnectionString, StringComparison.Ordinal);
        }

        using var wrong = new SluiceConnection($"Workspace=man;File={file}");
        Assert.Contains("There are main.", Assert.Throws<SluiceDbException>(wrong.Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_key_shows_with_the_first_query()
    {
        await using var connection = new SluiceConnection($"ApiKey=wrong;BaseUrl={world.World.Simulator.BaseAddress};CacheTtl=0");
        await connection.OpenAsync(Cancel);

        var error = await Assert.ThrowsAsync<SluiceDbException>(
            () => new SluiceCommand("SELECT count(*) FROM campaigns", connection).ExecuteScalarAsync(Cancel));

        Assert.Equal((SluiceErrorKind.Auth, "28000", false), (error.Kind, error.SqlState, error.IsTransient));
    }

    [Fact]
    public async Task What_was_fetched_serves_other_connections_until_it_is_asked_anew()
    {
        var kept = $"CacheTtl=5m;WorkFolder={Path.Combine(world.World.WorkFolder, "kept")}";
        Assert.Equal(1, await RequestsAsync(kept));
        Assert.Equal(0, await RequestsAsync(kept));
        Assert.Equal(1, await RequestsAsync($"{kept};Fresh=true"));
        Assert.Equal(1, await RequestsAsync("CacheTtl=0"));
    }

    private async Task<int> RequestsAsync(string more)
    {
        await using var connection = world.Open(more);
        var requests = 0;
        connection.RequestSent += (_, _) => Interlocked.Increment(ref requests);
        await new SluiceCommand("SELECT count(*) FROM campaigns", connection).ExecuteScalarAsync(Cancel);
        return requests;
    }
}
