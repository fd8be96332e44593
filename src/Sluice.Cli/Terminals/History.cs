using Sluice.Engine;

namespace Sluice.Cli.Terminals;

/// <summary>What was typed, also in earlier sessions: one entry on each line of a file that nobody else may read.</summary>
internal sealed class History
{
    private const int Most = 1000;

    private readonly string? _path;
    private readonly List<string> _entries;
    private int _place;
    private string _draft = "";

    private History(string? path, List<string> entries) => (_path, _entries) = (path, entries);

    /// <summary>A history of nothing, which keeps nothing.</summary>
    public static History None => new(null, []);

    /// <summary>Whether an entry must not be kept, because it holds a secret.</summary>
    public Func<string, bool> IsSecret { private get; init; } = _ => false;

    /// <summary>Why entries can't be kept, or null.</summary>
    public string? Failure { get; private set; }

    /// <summary>Reads what was typed before, as far as there is something.</summary>
    public static History Open(string path, Func<string, bool> isSecret)
    {
        var history = new History(path, []) { IsSecret = isSecret };
        history.Try(() => history.Read(path));
        history.Begin();
        return history;
    }

    /// <summary>Goes behind the last entry.</summary>
    public void Begin() => _place = _entries.Count;

    /// <summary>Keeps what was typed, but no secret, nothing that begins with a space, and nothing twice in a row.</summary>
    public void Add(string entry)
    {
        entry = entry.TrimEnd();
        if (entry.Length == 0 || entry[0] == ' ' || IsSecret(entry) || _entries is [.., var last] && last == entry)
        {
            return;
        }

        _entries.Add(entry);
        if (_path is not null)
        {
            Try(() => File.AppendAllText(RegularFile.Require(_path), $"{Encoded(entry)}\n"));
        }
    }

    /// <summary>The entry before; null at the first one.</summary>
    /// <param name="typed">What is typed now: it comes back behind the last entry.</param>
    public string? Previous(string typed)
    {
        if (_place == 0)
        {
            return null;
        }

        _draft = _place == _entries.Count ? typed : _draft;
        return _entries[--_place];
    }

    /// <summary>The entry behind, or what was typed; null when that is there already.</summary>
    public string? Next() => _place >= _entries.Count ? null : ++_place == _entries.Count ? _draft : _entries[_place];

    private void Read(string path)
    {
        string[] lines = File.Exists(path) ? File.ReadAllLines(RegularFile.Require(path)) : [];
        _entries.AddRange(lines.TakeLast(Most).Select(Decoded));
        if (lines.Length > 2 * Most)
        {
            var anew = $"{path}.{Environment.ProcessId}";
            File.WriteAllLines(anew, lines.TakeLast(Most));
            File.Move(anew, path, overwrite: true);
        }
    }

    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Failure ??= error.Message;
        }
    }

    private static string Encoded(string entry) => entry
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);

    // Backslashes are doubled: what is left between them is a line end.
    private static string Decoded(string line) =>
        string.Join('\\', line.Split("\\\\").Select(part => part.Replace("\\n", "\n", StringComparison.Ordinal)));
}
