using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using DuckDB.NET.Data;
using Sluice.Writes.Import;

namespace Sluice.Writes.Push;

/// <summary>
/// Brings the rows of the source into the store as what would be sent for them. What can't be sent keeps its key there, so that a mirror does not
/// take it for vanished.
/// </summary>
internal sealed class SourceRows(ImportSource source, SourceSurvey survey, ImportMapping mapping, IReadOnlyList<int> key, PushSettings settings)
{
    // A unit separator, which no key has.
    private const char Between = '\u001f';

    // An operation that has it does nothing where there is no such person (Customer.io Track API reference, version 2).
    private const string Attributes = "\"attributes\":{";
    private const string OnlyUpdate = Attributes + "\"_update\":true";

    private readonly RowWriter _writer = new(mapping, settings.Import, survey.Clashes);

    public long Rows { get; private set; }

    /// <summary>What may be meant otherwise.</summary>
    public IEnumerable<string> Doubts => _writer.Doubts.Milliseconds;

    public async Task StoreAsync(PushStore store, RejectFile rejects, CancellationToken cancel)
    {
        var (place, item) = (new SourceRow(mapping.Columns.Count), new ArrayBufferWriter<byte>());
        using var rows = new RowAppender(store);
        await foreach (var row in source.ReadAsync(mapping.Columns, place, survey.BadLines, cancel))
        {
            Rows++;
            rejects.AddPassed(place);
            item.ResetWrittenCount();
            var name = KeyOf(row);
            var problem = _writer.Write(row, item) ?? (name is null ? new RowProblem(NameOfKey, "has no value, so that the row has no key") : null);
            if (problem is not null)
            {
                rejects.Add(row.File, row.Line, problem.Column, problem.Reason, name is null ? "" : Shown(name));
            }

            if (name is not null)
            {
                rows.Add(row, name, FilledOf(row), problem is null ? TextOf(item.WrittenSpan) : null);
            }
        }

        rejects.AddPassed(place);
        store.Items.Complete();
    }

    private int FilledOf(SourceRow row) => mapping.Attributes.Count(one => !RowWriter.IsEmpty(mapping.Columns[one.Column], row[one.Column]));

    /// <summary>The columns of the key.</summary>
    public string NameOfKey => string.Join(", ", key.Select(column => mapping.Columns[column].Name));

    /// <summary>A key as it is shown.</summary>
    public static string Shown(string key) => key.Replace(Between, ' ');

    private string? KeyOf(SourceRow row)
    {
        var name = new StringBuilder();
        foreach (var column in key)
        {
            if (RowWriter.IsEmpty(mapping.Columns[column], row[column]))
            {
                return null;
            }

            var plain = ValueText.Plain(mapping.Columns[column], row[column]!);
            name.Append(name.Length > 0 ? Between : "")
                .Append(column == mapping.Identifier && mapping.IdentifierKind == "email" ? plain.ToLowerInvariant() : plain);
        }

        return name.ToString();
    }

    private string TextOf(ReadOnlySpan<byte> item)
    {
        var text = Encoding.UTF8.GetString(item);
        if (settings.ModeOrDefault != PushMode.Update)
        {
            return text;
        }

        var at = text.IndexOf(Attributes, StringComparison.Ordinal);
        var rest = text[(at + Attributes.Length)..];
        return $"{text[..at]}{OnlyUpdate}{(rest.StartsWith('}') ? "" : ",")}{rest}";
    }
}

/// <summary>Adds rows to the store.</summary>
internal sealed class RowAppender(PushStore store) : IDisposable
{
    private readonly DuckDBAppender _appender = store.Appender();

    /// <summary>Adds a row; one that can't be sent has neither item nor fingerprint.</summary>
    public void Add(SourceRow row, string key, int filled, string? item)
    {
        var (start, length) = item is null ? (0, 0) : store.Items.Add(item);
        var line = _appender.CreateRow().AppendValue(row.File).AppendValue(row.Line).AppendValue(key);
        line = item is null ? line.AppendNullValue() : line.AppendValue(FingerprintOf(item));
        line.AppendValue(filled).AppendValue(item is null ? null : KeptItem.Of(item)).AppendValue(start).AppendValue(length).EndRow();
    }

    public void Dispose() => _appender.Dispose();

    // 0 stands for a row of which nothing is known for sure.
    private static ulong FingerprintOf(string item)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(item), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash) | 1;
    }
}
