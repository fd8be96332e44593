using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>Answers with an error status in one of the API's error bodies, chosen by the status.</summary>
internal sealed class StatusFault(int status, Action<Answer>? more = null) : Fault
{
    public override Answer Instead(Visit visit)
    {
        var answer = new Answer();
        answer.Fail(new ApiException(status, $"pretended {status}", status % 2 == 0 ? ErrorEnvelope.Errors : ErrorEnvelope.Meta));
        more?.Invoke(answer);
        return answer;
    }
}
