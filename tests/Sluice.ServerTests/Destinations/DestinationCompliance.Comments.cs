using System.Text;
using Sluice.Engine.Catalog;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations;

public abstract partial class DestinationCompliance
{
    /// <summary>How another client reads and writes comments; null where the destination has none.</summary>
    protected virtual CommentClient? Comments => null;

    [Fact]
    public async Task Tables_and_columns_have_the_catalogs_words_and_those_of_the_user_stay()
    {
        var words = Named with
        {
            Doc = "Things it's about.",
            Columns = [Named.Columns[0], Named.Columns[1] with { Doc = @"A ""name""\n." }, .. Named.Columns.Skip(2)],
        };
        foreach (var strategy in new[] { Strategy.Merge, Strategy.Replace })
        {
            var job = Job(words, strategy) with { Table = $"t{strategy}".ToLowerInvariant() };
            await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]);
            await ExpectAsync(job.Table, """Things it's about.|A "name"\n.|When Sluice loaded the row.""");
            await (Comments?.Ask(Comments.Write(job.Table, "mine")) ?? Task.CompletedTask);
            var report = await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":2,"name":"b"}"""]);
            await ExpectAsync(job.Table, """mine|A "name"\n.|When Sluice loaded the row.""");
            Assert.Equal(strategy == Strategy.Merge ? 2 : 1, report.TableRows);
        }
    }

    private async Task ExpectAsync(string table, string comments)
    {
        if (Comments is { } client)
        {
            Assert.Equal(comments, Encoding.UTF8.GetString(Convert.FromHexString((await client.Ask(client.Read(table))).Trim())));
        }
    }

    /// <summary>Another client of comments.</summary>
    /// <param name="Ask">Runs a statement, and gives its only value.</param>
    /// <param name="Read">The comments of a table, of <c>name</c> and of <c>_sluice_loaded_at</c>, with bars between them, in hexadecimal.</param>
    /// <param name="Write">Gives a table another comment.</param>
    protected sealed record CommentClient(Func<string, Task<string>> Ask, Func<string, string> Read, Func<string, string, string> Write);
}
