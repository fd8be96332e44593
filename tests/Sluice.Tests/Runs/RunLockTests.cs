using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.Tests.Runs;

public sealed class RunLockTests : IDisposable
{
    private static readonly JsonSerializerOptions AsTheFileHasThem = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-lock-").FullName;
    private readonly FakeTimeProvider _time = new();

    private string HolderPath => Path.Combine(_folder, "spool", "pair.holder.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_second_run_is_told_who_holds_the_lock_and_for_how_long()
    {
        using var held = Take("messages", "campaign_metrics:days");
        _time.Advance(TimeSpan.FromMinutes(4.5));

        var error = Assert.Throws<SluiceException>(() => Take("customers"));

        Assert.Equal((SluiceErrorKind.Destination, true), (error.Kind, error.IsTransient));
        Assert.Contains("sluice ingest messages,campaign_metrics:days", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"process {Environment.ProcessId}, user {Environment.UserName}, host {Environment.MachineName}", error.Message, StringComparison.Ordinal);
        Assert.Contains("4 minutes ago", error.Message, StringComparison.Ordinal);
        Assert.Contains("--wait", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_destinations_are_not_kept_away()
    {
        using var held = Take("messages");
        using var other = RunLock.Take(Request("messages") with { PairId = "another" }, _time);

        Assert.Null(other.Former);
    }

    [Fact]
    public void What_is_given_back_is_free_and_leaves_no_word_of_who_had_it()
    {
        Take("messages").Dispose();
        Assert.False(File.Exists(HolderPath));

        using var again = Take("messages");
        Assert.Null(again.Former);
    }

    [Fact]
    public void Who_ended_without_giving_it_back_is_named_even_when_its_process_id_is_in_use()
    {
        Take("messages").Dispose();
        Leave(new LockOwner("sluice ingest customers", Environment.ProcessId, "ann", "elsewhere", _time.GetUtcNow()));

        using var held = Take("messages");

        Assert.Equal($"sluice ingest customers (process {Environment.ProcessId}, user ann, host elsewhere)", held.Former?.ToString());
        Assert.Contains("sluice ingest messages", File.ReadAllText(HolderPath), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"program\":")]
    [InlineData("null")]
    public void A_word_that_cannot_be_read_keeps_nobody_away_and_names_nobody(string word)
    {
        using (Take("messages"))
        {
            File.WriteAllText(HolderPath, word);
            var error = Assert.Throws<SluiceException>(() => Take("messages"));
            Assert.EndsWith("into this destination.", error.Message, StringComparison.Ordinal);
            File.WriteAllText(HolderPath, word);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(HolderPath)!);
        File.WriteAllText(HolderPath, word);
        using var held = Take("messages");
        Assert.Null(held.Former);
    }

    [Fact]
    public void Many_tables_are_counted_instead_of_named()
    {
        using var held = Take("messages", "customers", "campaigns", "segments", "newsletters");

        Assert.Contains(
            "messages,customers,campaigns and 2 more (", Assert.Throws<SluiceException>(() => Take("messages")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_work_folder_that_cannot_be_written_is_the_users_affair()
    {
        File.WriteAllText(Path.Combine(_folder, "spool"), "a file where a folder must be");

        var error = Assert.Throws<SluiceException>(() => Take("messages"));

        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains("SLUICE_HOME", error.Hint, StringComparison.Ordinal);
    }

    private RunLock Take(params string[] tables) => RunLock.Take(Request(tables), _time);

    private IngestRequest Request(params string[] tables) => new() { Tables = IngestHarness.Jobs(tables), WorkFolder = _folder, PairId = "pair" };

    private void Leave(LockOwner holder) => File.WriteAllText(HolderPath, JsonSerializer.Serialize(holder, AsTheFileHasThem));
}
