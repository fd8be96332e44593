using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Win32.SafeHandles;
using Sluice.Writes.Import;

namespace Sluice.Writes.Push;

/// <summary>
/// What is to be sent for each row, one after the other in a file beside the store, for its owner's eyes only and no longer than the push. In DuckDB
/// long rows would need much memory: it reads and joins 2,048 of them at once.
/// </summary>
internal sealed class ItemFile : IDisposable
{
    private const int BufferBytes = 256 * 1024;

    private readonly FileStream _file;
    private long _length;

    public ItemFile(string path)
    {
        var options = PrivateFile.Options(FileMode.Create);
        options.Access = FileAccess.ReadWrite;
        options.Options = FileOptions.DeleteOnClose;
        options.BufferSize = BufferBytes;
        _file = new FileStream(path, options);
    }

    private SafeFileHandle Handle => _file.SafeFileHandle;

    /// <summary>Adds an item, and says where it is.</summary>
    public (long Start, int Length) Add(string item)
    {
        var bytes = Encoding.UTF8.GetBytes(item);
        _file.Write(bytes);
        _length += bytes.Length;
        return (_length - bytes.Length, bytes.Length);
    }

    /// <summary>Lets all that was added be read.</summary>
    public void Complete() => _file.Flush();

    public string Read(long start, int length)
    {
        var bytes = new byte[length];
        for (var read = 0; read < length;)
        {
            read += RandomAccess.Read(Handle, bytes.AsSpan(read), start + read) is > 0 and var more
                ? more
                : throw new EndOfStreamException("The file of rows to be sent is shorter than it was.");
        }

        return Encoding.UTF8.GetString(bytes);
    }

    public void Dispose() => _file.Dispose();
}

/// <summary>What is kept of an item when it was sent.</summary>
internal static class KeptItem
{
    private const int Longest = 2000;

    /// <summary>The item, or of a long one what names the person or object, by which it can be removed.</summary>
    public static string? Of(string item)
    {
        if (item.Length <= Longest)
        {
            return item;
        }

        if (JsonNode.Parse(item) is not JsonObject json || json["identifiers"] is null)
        {
            return null;
        }

        json.Remove("attributes");
        (json["cio_relationships"]?[0] as JsonObject)?.Remove("relationship_attributes");
        return json.ToJsonString(RelaxedJson.Options);
    }
}
