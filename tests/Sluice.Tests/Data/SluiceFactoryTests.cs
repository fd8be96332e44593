using System.Data;
using System.Data.Common;
using Dapper;
using Sluice.Data;
using Xunit;

namespace Sluice.Tests.Data;

/// <summary>Programs that know ADO.NET alone.</summary>
public sealed class SluiceFactoryTests(DataWorld world) : IClassFixture<DataWorld>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_registered_factory_makes_everything_that_a_program_needs()
    {
        DbProviderFactories.RegisterFactory("Sluice.Data", SluiceFactory.Instance);
        var factory = DbProviderFactories.GetFactory("Sluice.Data");
        DbProviderFactories.RegisterFactory("Sluice.Data", typeof(SluiceFactory).AssemblyQualifiedName!);
        Assert.Same(factory, DbProviderFactories.GetFactory("Sluice.Data"));

        using var connection = factory.CreateConnection()!;
        connection.ConnectionString = world.ConnectionString;
        connection.Open();
        using var command = factory.CreateCommand()!;
        command.Connection = connection;
        command.CommandText = "SELECT name FROM campaigns WHERE id = @id";
        var parameter = factory.CreateParameter()!;
        (parameter.ParameterName, parameter.Value) = ("@id", 1);
        command.Parameters.Add(parameter);
        Assert.IsType<string>(command.ExecuteScalar());
        Assert.IsType<SluiceConnectionStringBuilder>(factory.CreateConnectionStringBuilder());
        Assert.True(factory.CanCreateDataAdapter);
        Assert.Null(factory.CreateCommandBuilder());
    }

    [Fact]
    public async Task A_data_source_gives_connections_and_hides_the_key()
    {
        await using var source = SluiceFactory.Instance.CreateDataSource(world.ConnectionString);
        Assert.DoesNotContain(world.World.Options.AppApiKey, source.ConnectionString, StringComparison.Ordinal);
        await using (var connection = await source.OpenConnectionAsync(Cancel))
        {
            Assert.Equal(ConnectionState.Open, connection.State);
        }

        await using var command = source.CreateCommand("SELECT count(*) FROM campaigns");
        Assert.Equal(5L, await command.ExecuteScalarAsync(Cancel));
        await using var own = new SluiceDataSource(world.ConnectionString);
        await using var typed = await own.OpenConnectionAsync(Cancel);
        using var blocking = own.OpenConnection();
        Assert.Equal(1, new SluiceCommand("SELECT 1", blocking).ExecuteScalar());
    }

    [Fact]
    public async Task Dapper_maps_rows_and_expands_lists()
    {
        await using var connection = world.Open();

        var campaigns = (await connection.QueryAsync<Campaign>(
            "SELECT id, name, created FROM campaigns WHERE id IN @ids ORDER BY id", new { ids = new[] { 2, 3 } })).AsList();
        var state = await connection.QuerySingleAsync<string>("SELECT state FROM campaigns WHERE id = @id", new { id = 1L });
        var sum = await connection.ExecuteScalarAsync<long>(
            "SELECT sum(id) FROM campaigns WHERE created < @until", new { until = DateTimeOffset.MaxValue });
        using var several = await connection.QueryMultipleAsync("SELECT count(*) FROM campaigns; SELECT 'x'");

        Assert.Equal([2, 3], campaigns.Select(campaign => campaign.Id));
        Assert.All(campaigns, campaign => Assert.Equal(DateTimeKind.Utc, campaign.Created.Kind));
        Assert.NotEmpty(state);
        Assert.Equal(15, sum);
        Assert.Equal(5, await several.ReadSingleAsync<int>());
        Assert.Equal("x", await several.ReadSingleAsync<string>());
        Assert.Equal(-1, await connection.ExecuteAsync("SELECT 1"));
    }

    [Fact]
    public void A_DataTable_loads_a_reader()
    {
        using var connection = world.Open();
        using var command = new SluiceCommand("SELECT a.campaign_id, c.name, a.created, sum(1) OVER () AS n, c.id FROM campaign_actions a "
            + "JOIN campaigns c ON c.id = a.campaign_id WHERE a.campaign_id < 3", connection);
        using var table = new DataTable();
        using (var reader = command.ExecuteReader())
        {
            table.Load(reader);
        }

        Assert.Equal(4, table.Rows.Count);
        Assert.Equal(
            [typeof(long), typeof(string), typeof(DateTime), typeof(decimal), typeof(long)],
            table.Columns.Cast<DataColumn>().Select(column => column.DataType));
        Assert.Empty(table.PrimaryKey);
    }

    [Fact]
    public void An_adapter_fills_tables_and_their_schema()
    {
        using var connection = new SluiceConnection(world.ConnectionString);
        using var adapter = new SluiceDataAdapter("SELECT id, name FROM campaigns; SELECT count(*) AS n FROM campaigns", connection);
        using var set = new DataSet();
        adapter.FillSchema(set, SchemaType.Source);
        Assert.Equal(["id"], set.Tables[0].PrimaryKey.Select(column => column.ColumnName));

        Assert.Equal(5, adapter.Fill(set));

        Assert.Equal(ConnectionState.Closed, connection.State);
        Assert.Equal((5, 1), (set.Tables[0].Rows.Count, set.Tables[1].Rows.Count));
        Assert.Equal(5L, set.Tables[1].Rows[0]["n"]);
    }

    private sealed record Campaign(long Id, string Name, DateTime Created);
}
