using System.Text;
using Sluice.Destinations;
using Sluice.Destinations.Files.Manifest;
using Sluice.Destinations.Files.ObjectStores;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.ServerTests.Servers;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations.Files;

/// <summary>What stands in an object store, as another client sees it.</summary>
public sealed class ObjectLayoutTests
{
    private const string Manifest = "lake/raw/crm/things/_manifest.json";
    private const string Notes = "lake/raw/crm/things/notes.txt";

    [Fact]
    public async Task Objects_are_those_that_the_manifest_names_and_leftovers_of_a_crash_are_removed()
    {
        await using var place = await S3Place.NewAsync("&format=csv&file_rows=10");
        var bucket = ((S3Place)place).Bucket;
        var desk = new LoadHarness(place);
        var job = Job(FolderBench.Things, Strategy.Merge);
        await desk.LoadAsync(job, LoadScenario.Plain, [.. Enumerable.Range(0, 25).Select(id => $"{{\"id\":{id},\"name\":\"a\"}}")]);
        var first = await bucket.ListAsync("lake/raw/crm/things/");
        Assert.Equal(4, first.Count);
        await bucket.PutAsync("lake/raw/crm/things/20260301T000000Z-0123abcd-0001.csv", Encoding.UTF8.GetBytes("id\n"));
        await bucket.PutAsync(Notes, "of somebody else"u8.ToArray());
        await bucket.PutAsync("lake/raw/crm/thingsandmore/other.csv", Encoding.UTF8.GetBytes("id\n"));
        await desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":3,"name":"b"}"""]);
        var all = await bucket.ListAsync("lake/raw/crm/things/");
        Assert.Contains(Notes, all);
        var second = all.Where(key => key != Notes).ToList();
        Assert.Equal(4, second.Count);
        Assert.Equal(3, second.Intersect(first, StringComparer.Ordinal).Count());
        Assert.Single(await bucket.ListAsync("lake/raw/crm/thingsandmore/"));
        var manifest = ManifestJson.ReadManifest(await bucket.GetAsync(Manifest), Manifest, null);
        Assert.Equal(
            second.Where(key => key != Manifest), manifest.Files.Select(file => $"lake/raw/crm/things/{file.Path}").Order(StringComparer.Ordinal));
        Assert.Equal(2, manifest.Ledger.Count);
        Assert.Empty(await bucket.UnfinishedUploadsAsync());
    }

    [Fact]
    public async Task A_reader_keeps_to_the_manifest()
    {
        await using var place = await AzurePlace.NewAsync("&format=jsonl");
        var desk = new LoadHarness(place);
        await desk.LoadAsync(Job(FolderBench.Things, Strategy.Merge), LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]);
        await ((AzurePlace)place).Container.PutAsync("lake/crm/things/half.jsonl", Encoding.UTF8.GetBytes("{\"id\":9}\n"));
        Assert.Equal(["1|a"], await desk.LinesAsync("id", "name"));
    }

    [Theory]
    [InlineData("s3")]
    [InlineData("azblob")]
    public async Task Big_files_go_up_in_parts_and_come_back(string kind)
    {
        await using var place = kind == "s3" ? await S3Place.NewAsync("&format=csv") : await AzurePlace.NewAsync("&format=csv");
        var noise = Noise(40_000);
        var desk = new LoadHarness(place);
        await desk.LoadAsync(
            Job(FolderBench.Things, Strategy.Merge),
            LoadScenario.Plain,
            [.. Enumerable.Range(0, 600).Select(id => $"{{\"id\":{id},\"name\":\"{id}{noise}\"}}")]);
        Assert.Equal(Enumerable.Range(0, 600).Select(id => $"{id}{noise}"), (await desk.ReadAsync())!.Select(row => (string)row["name"]!));
        Assert.Empty(place is S3Place s3 ? await s3.Bucket.UnfinishedUploadsAsync() : []);
    }

    [Theory]
    [InlineData("s3")]
    [InlineData("azblob")]
    public async Task Of_two_writers_of_a_manifest_the_second_is_told(string kind)
    {
        await using var place = await Places.NewAsync(kind);
        using var client =
            kind == "s3"
                ? new S3Client(((S3Place)place).Bucket.Name, $"http://127.0.0.1:{((S3Place)place).Port}", S3Server.Region)
                : (IObjectClient)
                    new AzureClient(
                        ((AzurePlace)place).Container.Name,
                        AzureAccount.Read(
                            AzuriteServer.Account,
                            $"http://127.0.0.1:{((AzurePlace)place).Port}/{AzuriteServer.Account}",
                            Environment.GetEnvironmentVariable));
        var folder = new ObjectTable("things", "a b/s/first/", client);
        foreach (var before in (string?[])[null, "first"])
        {
            await using var one = await folder.ChangeAsync(Path.Combine(place.Folder, "one"), Cancel);
            await using var other = await folder.ChangeAsync(Path.Combine(place.Folder, "other"), Cancel);
            Assert.Equal(before, one.Before?.Table);
            await one.CommitAsync(new TableManifest { Schema = "s", Table = "first", Epoch = before is null ? 1 : 2 }, Cancel);
            var error = await Assert.ThrowsAsync<SluiceException>(() =>
                other.CommitAsync(new TableManifest { Schema = "s", Table = "second" }, Cancel));
            Assert.True(error.IsTransient);
            Assert.Equal("first", (await folder.ReadAsync(Cancel))!.Table);
        }
    }

    [Fact]
    public async Task A_bucket_and_a_container_that_are_not_there_are_told_with_the_command_that_makes_them()
    {
        await using var s3 = await S3Place.NewAsync("");
        await using var azure = await AzurePlace.NewAsync("");
        foreach (
            var uri in new[]
            {
                s3.Uri.Replace("s3://bucket", "s3://nobucket", StringComparison.Ordinal),
                azure.Uri.Replace("azblob://container", "azblob://nocontainer", StringComparison.Ordinal),
            })
        {
            await using var destination = await DestinationRegistry.OpenAsync(uri, Cancel);
            var error = await Assert.ThrowsAsync<SluiceException>(() => destination.CheckAsync(Cancel));
            Assert.Equal(SluiceErrorKind.Destination, error.Kind);
            Assert.Matches("aws s3 mb|az storage container create", error.Hint!);
        }
    }

    private static string Noise(int length) => string.Create(length, 17, (letters, seed) =>
    {
        for (var place = 0; place < letters.Length; place++)
        {
            seed = unchecked((seed * 1103515245) + 12345);
            letters[place] = (char)('a' + ((seed >> 16) & 15));
        }
    });
}
