using Sluice.CustomerIo.Errors;
using Sluice.CustomerIo.Parsing;

namespace Sluice.CustomerIo.Http;

internal static class BodyBytes
{
    public const int Limit = 128 * 1024 * 1024;
    public const int ErrorLimit = 64 * 1024;
    private const int FirstSize = 64 * 1024;

    /// <summary>The whole body, with its share of the memory, which is the caller's to give back; null for a small one.</summary>
    /// <param name="content">The body.</param>
    /// <param name="limit">The longest that is taken.</param>
    /// <param name="takeAsync">Waits for the share of a body of a length.</param>
    /// <param name="cancel">Stops reading.</param>
    /// <exception cref="BodyTooLargeException">It goes on after the limit.</exception>
    public static async Task<(ReadOnlyMemory<byte> Body, BodyShare? Share)> ReadAsync(
        HttpContent content, int limit, Func<int, Task<BodyShare>> takeAsync, CancellationToken cancel)
    {
        // Absent for chunked bodies, and for compressed ones, of which the handler takes it away.
        long? declared = content.Headers.ContentLength;
        if (declared > limit)
        {
            throw new BodyTooLargeException(limit);
        }

        BodyShare? share = null;
        try
        {
            share = declared > BodyBudget.Small ? await takeAsync((int)declared) : null;
            // One byte more than declared, so that the end is seen without growing.
            byte[] buffer = new byte[declared is { } length ? (int)length + 1 : FirstSize];
            int filled = 0;
            Stream stream = await content.ReadAsStreamAsync(cancel);
            while (await stream.ReadAsync(buffer.AsMemory(filled), cancel) is > 0 and var read)
            {
                filled += read;
                if (filled > limit)
                {
                    throw new BodyTooLargeException(limit);
                }

                if (filled == buffer.Length)
                {
                    int wanted = (int)Math.Min((long)filled * 2, (long)limit + 1);
                    share = await GrowAsync(share, Math.Min(wanted, limit), takeAsync);
                    Array.Resize(ref buffer, wanted);
                }
            }

            share?.Trim(filled);
            return (buffer.AsMemory(0, filled), share);
        }
        catch
        {
            share?.Dispose();
            throw;
        }
    }

    private static async Task<BodyShare?> GrowAsync(BodyShare? share, int length, Func<int, Task<BodyShare>> takeAsync)
    {
        if (length <= Math.Max(BodyBudget.Small, share?.Length ?? 0))
        {
            return share;
        }

        BodyShare greater = await takeAsync(length);
        share?.Dispose();
        return greater;
    }

    /// <summary>As much of a refusal's body as comes: its status says enough when the words are cut.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadStartAsync(HttpContent content, CancellationToken cancel)
    {
        byte[] buffer = new byte[ErrorLimit];
        int filled = 0;
        try
        {
            Stream stream = await content.ReadAsStreamAsync(cancel);
            filled = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or HttpRequestException)
        {
            // The words are lost, the status is not.
        }

        return buffer.AsMemory(0, filled);
    }
}

internal sealed class BodyTooLargeException(int limit) : Exception($"The body is larger than {limit / (1024 * 1024)} MB.");

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
