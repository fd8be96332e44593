using Sluice.Cli.Terminals;
using Sluice.Sql;
using Xunit;

namespace Sluice.Tests.Cli;

public sealed class LineEditorTests : IDisposable
{
    private static readonly string[] Words = ["campaigns", "campaign_actions", "segments"];

    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("abc⏎", "abc")]
    [InlineData("abd←⌫x→⌫c⏎", "axc")]
    [InlineData("world^Ahello ^Ey^A→⌫^E!⏎", "ello worldy!")]
    [InlineData("one two three^W^W2⏎", "one 2")]
    [InlineData("one two^U3⏎", "3")]
    [InlineData("one two^A^Kx⏎", "x")]
    [InlineData("ab^A^D⏎", "b")]
    [InlineData("a🎉éx←←⌫⏎", "aéx")]
    [InlineData("a^Qb⏎", "ab")]
    [InlineData("^D", null)]
    public async Task Keys_edit_a_line(string keys, string? expected) => Assert.Equal(expected, await ReadAsync(new TypedTerminal(keys)));

    [Fact]
    public async Task Enter_begins_a_line_until_the_text_is_whole_and_lines_above_can_be_changed()
    {
        var terminal = new TypedTerminal("one⏎two⏎three↑↑^E!↓^Etwo↓^E;⏎");

        var typed = await ReadAsync(terminal, text => text.EndsWith(';'));

        Assert.Equal("one!\ntwotwo\nthree;", typed);
        Assert.Equal("sql> one!\n  -> twotwo\n  -> three;", terminal.Seen);
    }

    [Fact]
    public async Task Long_lines_and_wide_letters_are_wrapped_and_the_cursor_stands_where_the_next_letter_comes()
    {
        var terminal = new TypedTerminal("SELECT 'äöü 日本語 abc'←←⇥", width: 20);
        var place = (0, 0);
        terminal.AtEnd = () => place = terminal.Place;

        await ReadAsync(terminal);

        Assert.Equal("sql> SELECT 'äöü 日\n     本語 abc'", terminal.Seen);
        Assert.Equal((1, 12), place);
    }

    [Fact]
    public async Task Of_a_text_that_is_higher_than_the_screen_the_rows_around_the_cursor_are_shown()
    {
        var terminal = new TypedTerminal(string.Concat(Enumerable.Range(1, 30).Select(number => $"{number}⏎")) + ";⏎");

        var typed = await ReadAsync(terminal, text => text.EndsWith(';'));

        Assert.Equal(31, typed!.Split('\n').Length);
        Assert.EndsWith("  -> 30\n  -> ;", terminal.Seen, StringComparison.Ordinal);
        Assert.InRange(terminal.Seen.Split('\n').Length, 5, 11);
    }

    [Fact]
    public async Task What_a_terminal_would_obey_is_shown_as_text()
    {
        var terminal = new TypedTerminal("a\u202eb⏎");

        Assert.Equal("a\u202eb", await ReadAsync(terminal));
        Assert.Equal("sql> a\\u202eb", terminal.Seen);
    }

    [Theory]
    [InlineData("se⇥⏎", "segments")]
    [InlineData("ca⇥⏎", "campaign")]
    [InlineData("ca⇥s⏎", "campaigns")]
    [InlineData("x⇥⏎", "x")]
    public async Task Tab_completes_as_far_as_it_is_clear(string keys, string expected) =>
        Assert.Equal(expected, await ReadAsync(new TypedTerminal(keys)));

    [Fact]
    public async Task Tab_lists_what_is_possible_until_the_next_key()
    {
        var terminal = new TypedTerminal("campaign⇥");
        var seen = "";
        terminal.AtEnd = () => seen = terminal.Seen;

        await ReadAsync(terminal, _ => false);
        Assert.Equal("sql> campaign\ncampaigns         campaign_actions", seen);
        var ended = new TypedTerminal("campaign⇥⏎");
        await ReadAsync(ended);
        Assert.Equal("sql> campaign", ended.Seen);
    }

    [Fact]
    public async Task A_tab_of_a_pasted_text_is_no_question() =>
        Assert.Equal("a se b", await ReadAsync(new TypedTerminal("a⇥se⇥b⏎", isPasted: true)));

    [Fact]
    public async Task Ctrl_C_drops_the_text_and_the_key_that_is_waited_for_is_the_next_one()
    {
        using var stop = new CancellationTokenSource();
        var typed = new TaskCompletionSource<ConsoleKeyInfo>();
        await using var screen = new StringWriter();
        var keys = new Queue<ConsoleKeyInfo>([new('a', ConsoleKey.A, false, false, false)]);
        var waits = new TaskCompletionSource();
        var terminal = new Terminal(Next, () => false, screen, () => (80, 24));
        var editor = new LineEditor(terminal, History.None, (_, place) => new Completions(place, []));

        var reading = editor.ReadAsync("> ", _ => true, stop.Token);
        await waits.Task;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.EndsWith("^C\r\n", screen.ToString(), StringComparison.Ordinal);

        keys.Enqueue(new('\r', ConsoleKey.Enter, false, false, false));
        typed.SetResult(new('b', ConsoleKey.B, false, false, false));
        Assert.Equal("b", await editor.ReadAsync("> ", _ => true, TestContext.Current.CancellationToken));

        ConsoleKeyInfo Next()
        {
            if (keys.TryDequeue(out var key))
            {
                return key;
            }

            waits.TrySetResult();
            return typed.Task.GetAwaiter().GetResult();
        }
    }

    [Fact]
    public async Task What_was_typed_comes_back_also_in_the_next_session()
    {
        var path = Path.Combine(_folder, "history");
        var history = History.Open(path, text => text.Contains("key", StringComparison.Ordinal));
        foreach (var entry in (string[])["SELECT\n1 \\n;", "SELECT 2;", "SELECT 2;", " hidden", "the key", ""])
        {
            history.Add(entry);
        }

        Assert.Null(history.Failure);
        var next = History.Open(path, _ => false);
        Assert.Equal("SELECT 2;", await ReadAsync(new TypedTerminal("↑⏎"), history: next));
        Assert.Equal("SELECT\n1 \\n;", await ReadAsync(new TypedTerminal("↑↑⏎"), history: next));
        Assert.Equal("draft", await ReadAsync(new TypedTerminal("draft↑↑↓↓↓⏎"), history: next));
        Assert.Equal(2, File.ReadAllLines(path).Length);
    }

    [Fact]
    public void A_long_history_is_cut_and_one_that_cant_be_kept_says_why()
    {
        var path = Path.Combine(_folder, "history");
        File.WriteAllLines(path, Enumerable.Range(1, 2500).Select(number => $"SELECT {number};"));

        Assert.Equal("SELECT 2500;", History.Open(path, _ => false).Previous(""));
        Assert.Equal(1000, File.ReadAllLines(path).Length);
        var lost = History.Open(Path.Combine(_folder, "nowhere", "history"), _ => false);
        lost.Add("SELECT 1;");
        lost.Begin();
        Assert.NotNull(lost.Failure);
        Assert.Equal("SELECT 1;", lost.Previous(""));
    }

    private static Task<string?> ReadAsync(TypedTerminal terminal, Func<string, bool>? isWhole = null, History? history = null)
    {
        var editor = new LineEditor(terminal.Terminal, history ?? History.None, (text, place) =>
        {
            var start = text.LastIndexOf(' ', Math.Max(0, place - 1)) + 1;
            return new Completions(start, [.. Words.Where(word => word.StartsWith(text[start..place], StringComparison.Ordinal))]);
        });
        return editor.ReadAsync("sql> ", isWhole ?? (_ => true), TestContext.Current.CancellationToken);
    }
}
