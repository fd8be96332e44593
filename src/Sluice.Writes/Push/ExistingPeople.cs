using System.Text.Json.Nodes;
using Sluice.Writes.Import;

namespace Sluice.Writes.Push;

/// <summary>
/// Asks which people are there before they are updated: of those who are not the operation would do nothing and say nothing, and their rows would
/// count as pushed when they come.
/// </summary>
internal static class ExistingPeople
{
    /// <summary>Takes the rows of people who are not there out of the list, and gives how many those are.</summary>
    public static async Task<long> LeaveOutOthersAsync(PushStore store, ReadBack readBack, CancellationToken cancel)
    {
        await store.RunAsync("CREATE OR REPLACE TEMP TABLE absent (n BIGINT)", cancel);
        var asked = new List<(long Number, string Person)>();
        await foreach (var row in new PendingBatches(store).RowsAsync(isRemoval: false, cancel))
        {
            asked.Add((row.Place.Row, PersonOf(row.Item)));
            if (asked.Count == ReadBack.PeopleOfRequest * ReadBack.MostSideBySide)
            {
                await NoteAbsentAsync(store, readBack, asked, cancel);
                asked.Clear();
            }
        }

        await NoteAbsentAsync(store, readBack, asked, cancel);
        await store.RunAsync(
            """
            CREATE OR REPLACE TABLE kept AS
            SELECT row_number() OVER () AS n, * EXCLUDE (n) FROM pending WHERE n NOT IN (SELECT n FROM absent);
            DROP TABLE pending;
            ALTER TABLE kept RENAME TO pending
            """,
            cancel);
        return await store.CountAsync("SELECT count(*) FROM absent", cancel);
    }

    private static async Task NoteAbsentAsync(
        PushStore store, ReadBack readBack, IReadOnlyList<(long Number, string Person)> asked, CancellationToken cancel)
    {
        var absent = await Task.WhenAll(asked.Chunk(ReadBack.PeopleOfRequest).Select(async part =>
        {
            var found = await readBack.FindAsync([.. part.Select(one => one.Person)], cancel);
            return part.Where(one => !found.ContainsKey(one.Person)).Select(one => one.Number).ToList();
        }));
        store.Add("absent", absent.SelectMany(one => one));
    }

    private static string PersonOf(string item) => JsonNode.Parse(item)!["identifiers"]!.AsObject().First().Value!.GetValue<string>();
}
