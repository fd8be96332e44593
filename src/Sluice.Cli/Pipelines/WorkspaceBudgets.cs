using Sluice.CustomerIo;
using Sluice.Engine.Config.Pipeline;

namespace Sluice.Cli.Pipelines;

/// <summary>The request budgets of a pipeline's workspaces: one for each, whatever number of syncs reads it.</summary>
internal sealed class WorkspaceBudgets(TimeProvider time)
{
    private readonly Dictionary<string, RequestBudget> _budgets = new(StringComparer.Ordinal);

    // A sync that begins with a budget of its own would not know what the one before has used of the same second.
    public RequestBudget Of(PipelineWorkspace workspace)
    {
        if (!_budgets.TryGetValue(workspace.Name, out var budget))
        {
            _budgets[workspace.Name] = budget = new RequestBudget(workspace.Source!.Client.RequestsPerSecond, time);
        }

        return budget;
    }
}
