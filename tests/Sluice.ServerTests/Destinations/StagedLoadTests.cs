using DuckDB.NET.Data;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load.Staging;
using Sluice.ServerTests.Destinations.Example;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations;

public sealed class StagedLoadTests
{
    [Fact]
    public async Task What_a_database_says_while_a_load_begins_is_an_error_of_the_destination()
    {
        await using var place = new ExamplePlace();
        var desk = new LoadHarness(place);
        var job = Job(Table(), Strategy.Replace);
        await using var destination = await desk.OpenAsync();
        await using var staging = new StagingArea(destination);
        await (await staging.BeginLoadAsync(desk.Target(job, "one"), Cancel)).DisposeAsync();
        await DropAsync(place, $"{Schema}._sluice_columns");

        var error = await Assert.ThrowsAsync<SluiceException>(() => staging.BeginLoadAsync(desk.Target(job, "two"), Cancel));

        Assert.Equal(SluiceErrorKind.Destination, error.Kind);
        Assert.Contains("crm.things", error.Message, StringComparison.Ordinal);
    }

    private static async Task DropAsync(ExamplePlace place, string table)
    {
        await using var connection = new DuckDBConnection($"Data Source={FileAddress.Parse(place.Uri, ".example").Path}");
        await connection.OpenAsync(Cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = $"DROP TABLE {table}";
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
