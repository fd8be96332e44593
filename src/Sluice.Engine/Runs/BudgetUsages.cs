using Sluice.CustomerIo;

namespace Sluice.Engine.Runs;

/// <summary>Several budgets seen as one.</summary>
internal static class BudgetUsages
{
    /// <summary>Adds up what adds up; the share that was used is the average.</summary>
    public static BudgetUsage Together(IReadOnlyList<BudgetUsage> budgets) => budgets is [var only] ? only : new BudgetUsage
    {
        Granted = budgets.Sum(budget => budget.Granted),
        Waited = TimeSpan.FromTicks(budgets.Sum(budget => budget.Waited.Ticks)),
        SlowDowns = budgets.Sum(budget => budget.SlowDowns),
        CurrentRate = budgets.Sum(budget => budget.CurrentRate),
        Utilisation = budgets.Average(budget => budget.Utilisation),
    };
}
