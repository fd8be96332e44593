using System.Runtime.InteropServices;
using System.Text;

namespace Sluice.DuckDb.Native;

/// <summary>Text over the border: UTF-8 both ways, and never changed silently.</summary>
internal static class NativeText
{
    // A lone surrogate has no UTF-8 form. Replacing it would store something else than was given, so it throws.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>For C functions that stop at the first NUL: text with a NUL inside is refused.</summary>
    internal static byte[] Terminated(string text, string what)
    {
        var at = text.IndexOf('\0', StringComparison.Ordinal);
        if (at >= 0)
            throw new ArgumentException($"{what} holds a NUL character at position {at}; pass such text as a parameter.");
        return WithTerminator(text, what);
    }

    /// <summary>For C functions that take a length: the array is one byte longer than the text, so it is never empty.</summary>
    internal static byte[] WithTerminator(string text, string what)
    {
        try
        {
            var bytes = new byte[Strict.GetByteCount(text) + 1];
            Strict.GetBytes(text, bytes);
            return bytes;
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException($"{what} holds half a surrogate pair at position {e.Index}, which UTF-8 can't hold.", e);
        }
    }

    internal static int GetBytes(ReadOnlySpan<char> text, Span<byte> destination) => Strict.GetBytes(text, destination);

    internal static int GetByteCount(ReadOnlySpan<char> text) => Strict.GetByteCount(text);

    internal static string? Borrowed(nint text) => Marshal.PtrToStringUTF8(text);

    /// <summary>Copies text that the caller has to give back, and gives it back.</summary>
    internal static string? Owned(nint text)
    {
        if (text == 0)
            return null;
        try
        {
            return Marshal.PtrToStringUTF8(text);
        }
        finally
        {
            NativeMethods.duckdb_free(text);
        }
    }
}
