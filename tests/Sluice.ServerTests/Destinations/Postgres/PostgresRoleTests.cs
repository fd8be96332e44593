using System.Text.RegularExpressions;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.ServerTests.Servers;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations;

/// <summary>Roles that lack a right or have settings of their own.</summary>
public sealed partial class PostgresRoleTests : IAsyncLifetime
{
    private static readonly TableJob Merged = Job(Table(Is("name", ColumnType.Text), Is("data", ColumnType.Json)), Strategy.Merge);

    private PostgresPlace? _place;

    private PostgresDatabase Database => _place!.Database;

    private LoadHarness Desk => field ??= new LoadHarness(_place!);

    public async ValueTask InitializeAsync() => _place = (PostgresPlace)await PostgresPlace.NewAsync();

    public ValueTask DisposeAsync() => _place?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_role_that_may_make_no_temporary_tables_is_told_the_grant_that_helps()
    {
        var uri = await Database.NewPowerlessRoleAsync();
        await Database.QueryAsync($"GRANT CREATE ON DATABASE {Database.Name} TO {RoleIn(uri)}");
        await LoadAsync(uri, 1);

        var refused = await LoadAsync(uri, 2);

        Assert.Equal(TableOutcome.Failed, refused.Outcome);
        var grant = Statement().Match(refused.Hint!);
        Assert.True(grant.Success, refused.Hint);
        await Database.QueryAsync(grant.Value);
        Assert.Equal(TableOutcome.Done, (await LoadAsync(uri, 2)).Outcome);
        Assert.Equal("2", await Database.QueryAsync("SELECT count(*) FROM crm.things"));
    }

    [Fact]
    public async Task A_role_whose_identifiers_are_always_quoted_is_read_as_any_other()
    {
        var uri = await Database.NewPowerlessRoleAsync();
        await Database.QueryAsync(
            $"GRANT CREATE, TEMPORARY ON DATABASE {Database.Name} TO {RoleIn(uri)}; ALTER ROLE {RoleIn(uri)} SET quote_all_identifiers = on");

        Assert.Equal(TableOutcome.Done, (await LoadAsync(uri, 1)).Outcome);
        var second = await LoadAsync(uri, 2);

        Assert.Equal((TableOutcome.Done, null), (second.Outcome, second.Error));
        Assert.Equal("2", await Database.QueryAsync("SELECT count(*) FROM crm.things WHERE data->>'a' = 'b'"));
    }

    [Fact]
    public async Task A_table_that_another_run_is_loading_is_told_and_loaded_when_that_one_has_ended()
    {
        await using (var other = await Desk.OpenAsync())
        {
            await other.LockAsync("crm", "things", TestContext.Current.CancellationToken);
            var told = await LoadAsync(_place!.Uri, 1);
            Assert.Equal(TableOutcome.Failed, told.Outcome);
            Assert.Contains("crm.things is being loaded by another run (process ", told.Error, StringComparison.Ordinal);
        }

        Assert.Equal(TableOutcome.Done, (await LoadAsync(_place.Uri, 1)).Outcome);
    }

    private Task<TableReport> LoadAsync(string uri, int rows) => Desk.TryLoadAsync(
        uri, Merged, LoadScenario.Plain, [.. Enumerable.Range(1, rows).Select(id => $$$"""{"id":{{{id}}},"name":"n","data":{"a":"b"}}""")]);

    private static string RoleIn(string uri) => new Uri(uri).UserInfo.Split(':')[0];

    [GeneratedRegex("GRANT [^;]*;", RegexOptions.NonBacktracking)]
    private static partial Regex Statement();
}
