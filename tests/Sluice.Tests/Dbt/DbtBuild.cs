namespace Sluice.Tests.Dbt;

/// <summary>Looks at what dbt would have made: whether data tests hold, and how marts compare with the views of <c>sluice models</c>.</summary>
/// <param name="project">The package.</param>
/// <param name="count">Answers a query for one number.</param>
internal sealed class DbtBuild(DbtProject project, Func<string, Task<long>> count)
{
    /// <summary>How many rows only one of two relations has; that their columns differ is an error of the database.</summary>
    public Task<long> DifferenceAsync(string one, string other) =>
        count($"SELECT count(*) FROM ((SELECT * FROM {one} EXCEPT ALL SELECT * FROM {other}) UNION ALL "
            + $"(SELECT * FROM {other} EXCEPT ALL SELECT * FROM {one})) d");

    /// <summary>The marts that differ from the views of <c>sluice models</c>.</summary>
    public async Task<IReadOnlyList<string>> DifferentAsync(Func<string, string> viewOf)
    {
        var different = new List<string>();
        foreach (var mart in project.Marts)
        {
            if (await DifferenceAsync($"{project.Schema}.{project.Quote(mart)}", viewOf(mart)) > 0)
            {
                different.Add(mart);
            }
        }

        return different;
    }

    /// <summary>The data tests that do not hold, of those or of all.</summary>
    public async Task<IReadOnlyList<string>> FailingAsync(IReadOnlyList<string>? only = null)
    {
        var failing = new List<string>();
        foreach (var (name, sql) in project.Tests().Where(test => only?.Contains(test.Name, StringComparer.Ordinal) != false))
        {
            if (await count($"SELECT count(*) FROM (\n{sql}\n) failures") > 0)
            {
                failing.Add(name);
            }
        }

        return failing;
    }
}
