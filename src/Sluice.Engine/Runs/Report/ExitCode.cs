namespace Sluice.Engine.Runs;

/// <summary>The exit codes, the same for every command.</summary>
public static class ExitCode
{
    /// <summary>Everything was done.</summary>
    public const int Done = 0;

    /// <summary>Something nobody foresaw.</summary>
    public const int Unexpected = 1;

    /// <summary>The command line or the configuration is wrong.</summary>
    public const int Config = 2;

    /// <summary>The key was refused.</summary>
    public const int Auth = 3;

    /// <summary>The key is not allowed to do this.</summary>
    public const int Forbidden = 4;

    /// <summary>Customer.io failed.</summary>
    public const int Api = 5;

    /// <summary>The destination failed.</summary>
    public const int Destination = 6;

    /// <summary>Named tables or rows are missing.</summary>
    public const int Partial = 7;

    /// <summary>The user or the system asked to stop.</summary>
    public const int Cancelled = 130;

    // What keeps everything from going on comes first, what named tables lack last.
    private static readonly int[] WorstFirst = [Cancelled, Unexpected, Config, Auth, Forbidden, Destination, Api, Partial, Done];

    /// <summary>The code for several runs together: that of the one that went worst; 0 when there was none.</summary>
    public static int Worst(IEnumerable<int> codes) => codes.Distinct().OrderBy(code => Array.IndexOf(WorstFirst, code)).FirstOrDefault();

    /// <summary>The code for a kind of error.</summary>
    public static int Of(SluiceErrorKind kind) => kind switch
    {
        SluiceErrorKind.Config => Config,
        SluiceErrorKind.Auth => Auth,
        SluiceErrorKind.Forbidden => Forbidden,
        SluiceErrorKind.Api or SluiceErrorKind.RateLimit => Api,
        SluiceErrorKind.Destination => Destination,
        SluiceErrorKind.Schema => Partial,
        SluiceErrorKind.Cancelled => Cancelled,
        _ => Unexpected,
    };

    /// <summary>The code for a run: when all failed, the worst cause; failures beside successes are a partial run.</summary>
    /// <param name="tables">What became of the tables.</param>
    /// <param name="allowPartial">Whether tables with named gaps count as done.</param>
    public static int Of(IReadOnlyCollection<TableReport> tables, bool allowPartial = false)
    {
        if (tables.Any(table => table.Outcome == TableOutcome.Cancelled))
        {
            return Cancelled;
        }

        var failed = tables.Where(table => table.Outcome == TableOutcome.Failed).ToList();
        if (failed.Count == 0)
        {
            return !allowPartial && tables.Any(table => table.Outcome == TableOutcome.Partial) ? Partial : Done;
        }

        // A refused key is what has to be mended, whatever else went wrong.
        var codes = failed.Select(table => Of(table.ErrorKind ?? SluiceErrorKind.Unexpected)).ToList();
        return codes.Contains(Auth) ? Auth : failed.Count == tables.Count ? Worst(codes) : Partial;
    }
}
