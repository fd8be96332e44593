using Sluice.CustomerIo.Errors;
using Sluice.CustomerIo.Parsing;

namespace Sluice.CustomerIo.Http;

/// <summary>Takes a body as it is, once it is seen to be whole.</summary>
internal static class JsonReading
{
    private const int NoContent = 204;
    private const int MultiStatus = 207;

    public static Reading<ApiResponse> Read(ApiResponse answer, Call call)
    {
        bool isWrite = !call.Request.IsRead;
        if (answer.Body.IsEmpty && (isWrite || answer.Status == NoContent || call.Request.Method == HttpMethod.Head))
        {
            return new Reading<ApiResponse>(answer, null);
        }

        // A write that succeeded must not fail for its answer's wording: some answer in plain text.
        if (isWrite && !answer.IsDeclaredJson && !StartsLikeJson(answer.Body.Span))
        {
            return new Reading<ApiResponse>(answer, null);
        }

        return ReadJson(answer);
    }

    private static Reading<ApiResponse> ReadJson(ApiResponse answer)
    {
        ReadOnlyMemory<byte> text = JsonCheck.Utf8Of(answer.Body);
        // 207 lists the failed parts of a batch under "errors": that is its answer.
        ErrorBody? reported = JsonCheck.MayReportErrors(text.Span) && answer.Status != MultiStatus ? ErrorBody.FindReported(text) : null;
        return new Reading<ApiResponse>(answer with { Body = text }, reported);
    }

    private static bool StartsLikeJson(ReadOnlySpan<byte> body) => body.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];
}
