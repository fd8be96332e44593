using Sluice.CustomerIo;
using Sluice.Engine.Config.Pipeline;

namespace Sluice.Cli.Pipelines;

/// <summary>The request budgets of a pipeline's workspaces, shared by all syncs of a workspace.</summary>
internal sealed class WorkspaceBudgets(TimeProvider time)
{
    private readonly Dictionary<string, RequestBudget> _budgets = new(StringComparer.Ordinal);

    // With a budget of its own, a sync would ignore what the previous one has used of the same second.
    public RequestBudget Of(PipelineWorkspace workspace)
    {
        if (!_budgets.TryGetValue(workspace.Name, out var budget))
        {
            _budgets[workspace.Name] = budget = new RequestBudget(workspace.Source!.Client.RequestsPerSecond, time);
        }

        return budget;
    }
}
