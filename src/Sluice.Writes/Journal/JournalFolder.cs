using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Writes.Journal;

/// <summary>The journals of a work folder.</summary>
/// <param name="workFolder">The folder for everything that runs keep.</param>
public sealed class JournalFolder(string workFolder)
{
    private const string Extension = ".ndjson";

    // Of what runs every few minutes they would fill the folder.
    private const int Kept = 10;

    private readonly string _folder = Path.Combine(workFolder, "writes");

    /// <summary>All journals, the latest first.</summary>
    public IReadOnlyList<JournalState> List() => Directory.Exists(_folder)
        ? [.. Directory.EnumerateFiles(_folder, "*" + Extension).Select(JournalState.Read).OfType<JournalState>().OrderByDescending(one => one.Began)]
        : [];

    /// <summary>Finds a journal by its id, or by the beginning of one; null when none or several begin so.</summary>
    public JournalState? Find(string id)
    {
        var all = List();
        return all.FirstOrDefault(one => one.Id == id)
            ?? (all.Where(one => one.Id.StartsWith(id, StringComparison.Ordinal)).ToList() is [var only] ? only : null);
    }

    /// <summary>Removes a journal: the same import then begins anew, and sends everything again.</summary>
    public void Forget(JournalState journal)
    {
        ArgumentNullException.ThrowIfNull(journal);
        File.Delete(PathOf(journal.Id));
        File.Delete(FormerContentOf(journal.Id));
        ForgetRows(journal.Plan);
    }

    /// <summary>Removes the oldest finished journals of what runs again and again; those of which something is unknown stay.</summary>
    internal void ForgetOld(string source, string target)
    {
        var old = List().Where(one => one.Plan.Source == source && one.Plan.Target == target && one is { IsComplete: true, UnknownRows: 0 });
        foreach (var journal in old.Skip(Kept))
        {
            Forget(journal);
        }
    }

    /// <summary>Where it is kept what an import has replaced as a whole.</summary>
    internal string FormerContentOf(string id) => Path.Combine(_folder, id + ".before.json");

    /// <summary>Removes the rows of a query, with which an unfinished import goes on.</summary>
    internal void ForgetRows(JournalPlan plan)
    {
        if (plan.Spool is { } spool)
        {
            File.Delete(Path.Combine(_folder, spool));
        }
    }

    /// <summary>The journal that an import would go on with, or null.</summary>
    internal JournalState? Former(JournalPlan plan, bool again) =>
        List().FirstOrDefault(one => one.Plan.Fingerprint == plan.Fingerprint && !(again && one.IsComplete));

    /// <summary>The journal of an import: the one it goes on with, or a new one.</summary>
    internal Task<WriteJournal> OpenAsync(JournalPlan plan, bool again, TimeProvider time)
    {
        WriteJournal.MakeFolder(_folder);
        var former = List().Where(one => one.Plan.Fingerprint == plan.Fingerprint).ToList();
        return WriteJournal.OpenAsync(PathOf(former is [var last, ..] && !(again && last.IsComplete) ? last.Id : Unused(plan)), plan, time);
    }

    internal static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private string Unused(JournalPlan plan)
    {
        var id = plan.Fingerprint[..8];
        for (var number = 2; File.Exists(PathOf(id)); number++)
        {
            id = string.Create(CultureInfo.InvariantCulture, $"{plan.Fingerprint[..8]}-{number}");
        }

        return id;
    }

    private string PathOf(string id) => Path.Combine(_folder, id + Extension);
}
