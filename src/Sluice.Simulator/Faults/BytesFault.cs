using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>Changes the bytes of a good answer.</summary>
internal sealed class BytesFault(Func<ReadOnlyMemory<byte>, byte[]> change) : Fault
{
    /// <summary>A byte order mark before the JSON.</summary>
    public static byte[] ByteOrderMark(ReadOnlyMemory<byte> body) => [0xEF, 0xBB, 0xBF, .. body.Span];

    /// <summary>JSON that breaks in the middle of a value.</summary>
    public static byte[] InvalidJson(ReadOnlyMemory<byte> body) => [.. body.Span[..(body.Length / 2)], .. "\u0001,]}"u8];

    public override void Alter(Visit visit, Answer answer)
    {
        if (answer.Status < 300)
        {
            answer.Replace(change(answer.Body));
        }
    }
}
