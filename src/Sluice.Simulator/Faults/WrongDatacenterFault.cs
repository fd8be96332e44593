using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>What an account of the other region gets: a redirect or a refusal.</summary>
internal sealed class WrongDatacenterFault(int status) : Fault
{
    public override Answer Instead(Visit visit)
    {
        var answer = new Answer();
        answer.Fail(new ApiException(status, "wrong datacenter", ErrorEnvelope.Meta));
        if (status == 301)
        {
            answer.Headers["Location"] = "https://api-eu.customer.io" + visit.Http.Request.Path + visit.Http.Request.QueryString;
        }

        return answer;
    }
}
