using System.Buffers;
using System.Text.Json;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract.Exports;

/// <summary>Makes the records of the search, or those of the attributes endpoint, out of the lines of an export of people.</summary>
internal sealed class PersonRecords(ExtractionRun run, ExportRequest question)
{
    private const int RowsOfAPage = 1000;
    private static readonly string[] Identifiers = ["cio_id", "id", "email"];
    private static readonly JsonWriterOptions Lax = new() { SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _record = new();
    private readonly RecordTransform _transform = RecordTransform.ForKept(run.Extraction);

    /// <summary>Brings all people to the spool that are not there yet.</summary>
    /// <exception cref="InvalidDataException">A record is no CSV or has not as many values as the file has columns.</exception>
    public async Task CopyAsync(CsvReader file, IReadOnlyList<string> header, CancellationToken cancel)
    {
        if (!header.Contains(Identifiers[0], StringComparer.Ordinal))
        {
            throw new SluiceException(
                SluiceErrorKind.Schema,
                $"{run.Extraction.Key.Title}: the export has no column cio_id, by which people are known; it has {string.Join(", ", header)}.",
                "Leave out via: export, or read the file as it is with the table customers_export and a --primary-key of its own.");
        }

        var known = run.Sink.Partition(question.Partition).Rows;
        var page = new PageDraft(question.Partition);
        while (!run.HasEnough && await file.ReadAsync(cancel))
        {
            if (file.IsBlank || known-- > 0)
            {
                continue;
            }

            Add(page, file, header);
            if (page.Rows >= RowsOfAPage)
            {
                await run.KeepAsync(page, cancel);
                page = new PageDraft(question.Partition);
            }
        }

        if (page.Rows > 0)
        {
            await run.KeepAsync(page, cancel);
        }
    }

    private void Add(PageDraft page, CsvReader file, IReadOnlyList<string> header)
    {
        file.RequireFields(header.Count);
        _record.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_record, Lax))
        {
            json.WriteStartObject();
            if (run.Extraction.Resource.ExportForm == ExportForm.Identifiers)
            {
                WriteFields(json, file, header, Identifiers);
                Array.ForEach(Identifiers, name => page.Fields.Add(name, JsonKinds.Null | JsonKinds.Text));
            }
            else
            {
                WriteObject(json, "identifiers", file, header, Identifiers);
                WriteObject(json, "attributes", file, header, header);
                page.Fields.Add("identifiers", JsonKinds.Object);
                page.Fields.Add("attributes", JsonKinds.Object);
            }

            json.WriteEndObject();
        }

        _transform.Add(page, _record.WrittenSpan, run.Extraction.Injected);
    }

    private static void WriteObject(Utf8JsonWriter json, string name, CsvReader file, IReadOnlyList<string> header, IReadOnlyList<string> wanted)
    {
        json.WriteStartObject(name);
        WriteFields(json, file, header, wanted);
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, CsvReader file, IReadOnlyList<string> header, IReadOnlyList<string> wanted)
    {
        for (var place = 0; place < header.Count; place++)
        {
            if (!file.IsEmpty(place) && (ReferenceEquals(wanted, header) || wanted.Contains(header[place], StringComparer.Ordinal)))
            {
                json.WritePropertyName(header[place]);
                CsvText.WriteJson(json, file.Field(place));
            }
        }
    }
}
