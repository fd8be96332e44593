using System.Numerics;
using Sluice.Sql.Text;

namespace Sluice.Cli.Output.Results;

/// <summary>What stands between cells and around them.</summary>
internal enum Frame
{
    /// <summary>Spaces, and a line below the names.</summary>
    Plain,

    /// <summary>Lines.</summary>
    Box,
}

/// <summary>
/// Rows in aligned columns. The first rows decide how wide the columns are; a later value that is wider moves what is behind it in its row, so that
/// no number of rows needs memory.
/// </summary>
internal sealed class AlignedRows(TextWriter to, Frame frame) : IRowFormat
{
    private const int Measured = 1000;

    private readonly List<object?[]> _waiting = [];
    private string[] _names = [];
    private int[] _widths = [];
    private bool[] _isRight = [];

    public Task BeginAsync(string[] names)
    {
        _names = [.. names.Select(VisibleText.Line)];
        return Task.CompletedTask;
    }

    public async Task AddAsync(object?[] row)
    {
        if (_widths.Length > 0)
        {
            await LineAsync(row);
            return;
        }

        _waiting.Add(row);
        if (_waiting.Count == Measured)
        {
            await FlushAsync();
        }
    }

    public async Task EndAsync()
    {
        if (_widths.Length == 0)
        {
            await FlushAsync();
        }

        if (frame == Frame.Box)
        {
            await RuleAsync('└', '┴', '┘');
        }
    }

    private async Task FlushAsync()
    {
        _widths = [.. _names.Select((name, place) => _waiting.Select(row => Cell(row[place]).Length).Append(name.Length).Max())];
        _isRight = [.. _names.Select((_, place) => _waiting.Exists(row => row[place] is not null)
            && _waiting.TrueForAll(row => row[place] is null or long or int or short or double or float or decimal or BigInteger or ulong or uint))];
        if (frame == Frame.Box)
        {
            await RuleAsync('┌', '┬', '┐');
        }

        await LineAsync([.. _names]);
        await (frame == Frame.Box ? RuleAsync('├', '┼', '┤') : LineAsync([.. _widths.Select(width => new string('-', width))]));
        foreach (var row in _waiting)
        {
            await LineAsync(row);
        }

        _waiting.Clear();
    }

    private Task LineAsync(object?[] row)
    {
        var cells = row.Select((value, place) =>
            _isRight[place] ? Cell(value).PadLeft(_widths[place]) : Cell(value).PadRight(_widths[place]));
        return to.WriteAsync(frame == Frame.Box ? $"│ {string.Join(" │ ", cells)} │\n" : string.Join("  ", cells).TrimEnd() + "\n");
    }

    private Task RuleAsync(char left, char middle, char right) =>
        to.WriteAsync($"{left}{string.Join(middle, _widths.Select(width => new string('─', width + 2)))}{right}\n");

    private static string Cell(object? value) => value is null ? "NULL" : VisibleText.Line(ValueText.Of(value) ?? "NULL");
}
