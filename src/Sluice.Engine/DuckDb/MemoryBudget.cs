using System.Globalization;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;

namespace Sluice.Engine.DuckDb;

/// <summary>The memory that this process may take for its work, from which DuckDB's share follows.</summary>
/// <param name="Bytes">All of it, in bytes.</param>
public sealed partial record MemoryBudget(long Bytes)
{
    /// <summary>Names the environment variable that sets the budget, such as 512MB.</summary>
    public const string Variable = "SLUICE_MEMORY";

    /// <summary>Names the environment variable that sets DuckDB's share by itself, such as 1GB.</summary>
    public const string DuckDbVariable = "SLUICE_DUCKDB_MEMORY";

    private const long Megabyte = 1000 * 1000;
    private const long Default = 256 * Megabyte;
    private const long Least = 128 * Megabyte;

    // What DuckDB has of a record at the same time: two buffers to read it, the parsed text, the value and what is written of it.
    private const int CopiesOfRecord = 6;
    // What DuckDB has written of long values stays in its memory until the file has it, and is read from there meanwhile.
    private const long CopiesOfWritten = 2;
    private const long LongRecord = 8 * Megabyte;
    // What DuckDB needs to stage one table of short rows, and for each other table that is staged beside it; where it has more, it is faster.
    private const long ToStageOne = 64 * Megabyte;
    private const long ToStageAnother = 8 * Megabyte;
    private const double PartOfOne = 0.4;
    private const double PartOfAnother = 0.05;
    private const long ColumnBytes = 256 * 1024;
    private const int ManyColumns = 150;

    private static MemoryBudget? _ofProcess;
    private static long _allowed;

    /// <summary>The budget of this process: what its settings say, or 256 MB, and never more than half of the machine or container.</summary>
    /// <exception cref="SluiceException">The environment says something else than an amount (kind Config).</exception>
    public static MemoryBudget OfProcess => _ofProcess ?? Set(Environment.GetEnvironmentVariable);

    /// <summary>DuckDB's share, in bytes.</summary>
    public long DuckDb { get; private init; } = Bytes / 8 * 5;

    /// <summary>Whether somebody has set DuckDB's share, which then holds whatever comes.</summary>
    public bool IsShareSet { get; private init; }

    /// <summary>The most that may be taken for what can't be cut into parts.</summary>
    public long Most { get; private init; } = Bytes;

    /// <summary>What to do when DuckDB had too little.</summary>
    public string Advice =>
        IsShareSet ? $"Set {DuckDbVariable} to more than {DuckDb / Megabyte}MB, and run the same command again."
        : Bytes < Most ? $"Set {Variable}={Math.Min(Bytes * 2, Most) / Megabyte}MB, and run the same command again."
        : $"{Bytes / Megabyte}MB is half of what this machine or container has: give it more memory, "
            + "or leave out long columns with --exclude-columns.";

    /// <summary>Sets the budget of this process, once: the first settings hold.</summary>
    /// <param name="settings">Settings by name, such as the environment.</param>
    /// <exception cref="SluiceException">They say something else than an amount (kind Config).</exception>
    public static MemoryBudget Set(Func<string, string?> settings) =>
        _ofProcess ??= Read(settings, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>
    /// Lets DuckDB have more than its share where one record or one row of very many columns needs it, for neither can be cut into parts.
    /// </summary>
    /// <param name="connection">A connection to the database.</param>
    /// <param name="table">The table, for the message.</param>
    /// <param name="longest">Bytes of the longest record.</param>
    /// <param name="columns">How many columns the table has.</param>
    /// <param name="cancel">Stops before anything is set.</param>
    /// <param name="copies">How often DuckDB has a record at the same time.</param>
    /// <exception cref="SluiceException">That would be more than half of the machine (kind Destination).</exception>
    public async Task AllowAsync(
        DuckDBConnection connection, string table, long longest, int columns, CancellationToken cancel, int copies = CopiesOfRecord)
    {
        var wanted = (longest > LongRecord ? longest * copies : 0) + (Math.Max(0, columns - ManyColumns) * ColumnBytes);
        await AllowAsync(connection, wanted, $"{table} has a record of {longest / Megabyte} MB in {columns} columns", cancel);
    }

    /// <summary>Lets DuckDB have more than its share for long values that are written: it can't put all of them aside before the end.</summary>
    /// <param name="connection">A connection to the database.</param>
    /// <param name="table">The table, for the message.</param>
    /// <param name="written">Bytes of the values.</param>
    /// <param name="cancel">Stops before anything is set.</param>
    /// <exception cref="SluiceException">That would be more than half of the machine (kind Destination).</exception>
    public Task AllowWriteAsync(DuckDBConnection connection, string table, long written, CancellationToken cancel) => AllowAsync(
        connection, Math.Max(0, (written * CopiesOfWritten) - DuckDb), $"{table} gets {written / Megabyte} MB of long values", cancel);

    /// <summary>The part of DuckDB's share in which it can stage tables of short rows side by side.</summary>
    /// <param name="tables">How many, at least one.</param>
    public long PartFor(int tables)
    {
        var one = Math.Max(ToStageOne, (long)(DuckDb * PartOfOne));
        var another = Math.Max(ToStageAnother, (long)(DuckDb * PartOfAnother));
        return IsShareSet ? DuckDb : Math.Min(DuckDb, one + ((tables - 1) * another));
    }

    /// <summary>Limits what DuckDB may take.</summary>
    /// <param name="connection">A connection to the database.</param>
    /// <param name="bytes">How much, in bytes.</param>
    /// <param name="cancel">Stops before it is set.</param>
    public static Task LimitAsync(DuckDBConnection connection, long bytes, CancellationToken cancel) =>
        connection.RunAsync(string.Create(CultureInfo.InvariantCulture, $"SET memory_limit = '{bytes}B'"), cancel);

    private async Task AllowAsync(DuckDBConnection connection, long more, string what, CancellationToken cancel)
    {
        var wanted = DuckDb + more;
        if (wanted == DuckDb || IsShareSet)
        {
            return;
        }

        if (wanted > Math.Max(Most, DuckDb))
        {
            throw new SluiceException(
                SluiceErrorKind.Destination,
                $"{what}, for which {wanted / Megabyte} MB of memory are needed; "
                    + $"{Math.Max(Most, DuckDb) / Megabyte} MB may be taken, half of what this machine has.",
                $"Leave out the long column with --exclude-columns, or set {DuckDbVariable}={wanted / Megabyte}MB.");
        }

        // Never less than another table was allowed: they share the database.
        await LimitAsync(connection, InterlockedMax(ref _allowed, wanted), cancel);
    }

    /// <summary>Reads the settings.</summary>
    /// <param name="variables">The environment.</param>
    /// <param name="machine">The memory of the machine or container, in bytes.</param>
    internal static MemoryBudget Read(Func<string, string?> variables, long machine)
    {
        var wanted = Amount(variables, Variable) ?? Default;
        if (wanted < Least)
        {
            throw new SluiceException(
                SluiceErrorKind.Config, $"{Variable} is too little: Sluice needs at least {Least / Megabyte}MB.", $"Set {Variable}=256MB.");
        }

        var budget = new MemoryBudget(Math.Max(Least, Math.Min(wanted, machine / 2))) { Most = machine / 2 };
        return Amount(variables, DuckDbVariable) is { } share ? budget with { DuckDb = share, IsShareSet = true } : budget;
    }

    private static long InterlockedMax(ref long most, long value)
    {
        for (var had = Volatile.Read(ref most); had < value; had = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, had);
        }

        return Volatile.Read(ref most);
    }

    private static long? Amount(Func<string, string?> variables, string name)
    {
        if (variables(name) is not { Length: > 0 } text)
        {
            return null;
        }

        var match = Amounts().Match(text);
        return match.Success
            && double.TryParse(match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? (long)(number * UnitOf(match.Groups["unit"].Value.ToUpperInvariant()))
            : throw new SluiceException(SluiceErrorKind.Config, $"{name} is not an amount of memory: {text}", $"Write it like {name}=512MB or 1GB.");
    }

    private static long UnitOf(string unit) => unit switch
    {
        "K" or "KB" => 1000,
        "KIB" => 1L << 10,
        "M" or "MB" => Megabyte,
        "MIB" => 1L << 20,
        "G" or "GB" => 1000 * Megabyte,
        "GIB" => 1L << 30,
        "T" or "TB" => 1000 * 1000 * Megabyte,
        "TIB" => 1L << 40,
        _ => 1,
    };

    [GeneratedRegex(@"^\s*(?<number>[0-9]{1,15}(\.[0-9]{1,6})?)\s*(?<unit>[KMGT]i?B?|B|bytes)\s*$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Amounts();
}
