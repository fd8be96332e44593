using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>The page of a proxy in front of the API.</summary>
internal sealed class HtmlErrorFault(int status) : Fault
{
    public override Answer Instead(Visit visit)
    {
        var answer = new Answer { Status = status, ContentType = "text/html" };
        answer.Replace("<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"u8);
        return answer;
    }
}
