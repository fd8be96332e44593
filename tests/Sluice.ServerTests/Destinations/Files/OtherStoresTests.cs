using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.ServerTests.Servers;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations.Files;

/// <summary>Stores that speak S3 and are not Amazon's.</summary>
public sealed class OtherStoresTests
{
    private const string Data = ".csv";
    private static readonly string[] Records = ["""{"id":1,"name":"a"}"""];

    public static TheoryData<string, string?> ETags => new()
    {
        { "\"0123456789abcdef0123456789abcdef-2\"", null },
        { "\"CJ+y7ZbEkQMQAQ==\"", null },
        { "version-1", null },
        { "\"ffffffffffffffffffffffffffffffff\"", null },
        { "\"ffffffffffffffffffffffffffffffff\"", "aws:kms" },
    };

    [Theory]
    [MemberData(nameof(ETags))]
    public async Task An_ETag_that_is_no_sum_is_neither_an_error_nor_a_proof(string etag, string? encryption)
    {
        await using var store = new StrangeStore { ETag = _ => etag, Encryption = encryption };
        await using var place = Of(store);
        var desk = new LoadHarness(place);
        await desk.LoadAsync(Job(FolderBench.Things, Strategy.Merge), LoadScenario.Plain, Records);
        Assert.Equal(["1|a"], await desk.LinesAsync("id", "name"));

        // What a key of one's own encrypts is not read once more.
        var file = store.Keys.Single(key => key.EndsWith(Data, StringComparison.Ordinal));
        Assert.Contains($"HEAD {file}", store.Requests);
        Assert.Equal(encryption is null ? 2 : 1, store.Requests.Count(request => request == $"GET {file}"));
    }

    [Theory]
    [InlineData("longer", true)]
    [InlineData("longer", false)]
    [InlineData("other", true)]
    [InlineData("other", false)]
    public async Task A_store_that_keeps_something_else_is_found(string what, bool hasSums)
    {
        await using var store = new StrangeStore
        {
            Keeps = (key, body) =>
                !key.EndsWith(Data, StringComparison.Ordinal) ? body
                : what == "longer" ? [.. body, 0]
                : [.. body[..^2], (byte)'?', body[^1]],
            ETag = hasSums ? StrangeStore.Md5 : _ => "\"1\"",
        };
        await using var place = Of(store);
        var report = await new LoadHarness(place).TryLoadAsync(
            place.Uri, Job(FolderBench.Things, Strategy.Merge), LoadScenario.Plain, Records);
        Assert.Equal((TableOutcome.Failed, SluiceErrorKind.Destination), (report.Outcome, report.ErrorKind));
        var found = what == "longer" ? "[0-9]+ bytes instead of" : "other bytes";
        Assert.Matches($"does not keep what it is given: crm/things/.*{Data} has {found}", report.Error);
        Assert.DoesNotContain(store.Keys, key => key.Contains("/things/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_several_objects_can_not_be_removed_at_once_they_are_one_by_one()
    {
        await using var store = new StrangeStore();
        await using var place = Of(store);
        await using (var destination = await place.OpenAsync(place.Uri, Cancel))
        {
            Assert.Contains("writable", await destination.CheckAsync(Cancel), StringComparison.Ordinal);
        }

        Assert.Empty(store.Keys);
    }

    private static StorePlace Of(StrangeStore store)
    {
        foreach (var (name, value) in new[]
        {
            ("AWS_ACCESS_KEY_ID", S3Server.Key), ("AWS_SECRET_ACCESS_KEY", S3Server.Secret), ("AWS_EC2_METADATA_DISABLED", "true"),
        })
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        return new StorePlace(store);
    }

    private sealed class StorePlace(StrangeStore store) : DestinationPlace
    {
        public override string Uri => $"s3://lake?endpoint=http://127.0.0.1:{store.Port}&region=auto&format=csv";
    }
}
