using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Sluice.Server.Auth;

namespace Sluice.Server.Dashboard;

/// <summary>A page: it shows what its endpoint has read, and reads nothing itself.</summary>
public abstract class DashboardPage : ComponentBase
{
    /// <summary>What the endpoint has read, of the type that the page asks for.</summary>
    [Parameter]
    public required object Model { get; set; }

    /// <summary>The request.</summary>
    [CascadingParameter]
    public required HttpContext Http { get; set; }

    /// <summary>Whether whoever looks may start and stop things.</summary>
    protected bool IsOperator => Visitor.RoleOf(Http.User) >= Role.Operator;

    /// <summary>Whether whoever looks may change settings.</summary>
    protected bool IsAdmin => Visitor.RoleOf(Http.User) >= Role.Admin;

    /// <summary>What the endpoint has read.</summary>
    private protected T As<T>() => (T)Model;

    /// <summary>The answer that shows a page.</summary>
    internal static IResult Show<TPage>(object model, int status = StatusCodes.Status200OK)
        where TPage : DashboardPage =>
        new RazorComponentResult<TPage>(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(Model)] = model }) { StatusCode = status };
}
