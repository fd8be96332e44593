using System.Buffers;
using System.Text;
using Sluice.Engine.Catalog;
using Sluice.Engine.Masking;

namespace Sluice.Engine.Extract.Exports;

/// <summary>Hides the values of masked columns in CSV, before anything of it reaches the disk.</summary>
internal sealed class CsvMasking
{
    private const int FlushBytes = 256 * 1024;

    private readonly MaskRules _rules;
    private readonly ExportForm _form;

    private CsvMasking(MaskRules rules, ExportForm form)
    {
        _rules = rules;
        _form = form;
    }

    /// <summary>Gives null when nothing is hidden.</summary>
    public static CsvMasking? For(ExtractionRun run)
    {
        var rules = new MaskRules(run.Extraction.Masks, run.Extraction.Resource);
        return rules.IsEmpty ? null : new CsvMasking(rules, run.Extraction.Resource.ExportForm);
    }

    public async Task CopyAsync(CsvReader from, Stream to, CancellationToken cancel)
    {
        var buffer = new ArrayBufferWriter<byte>(FlushBytes);
        Mask?[] masks = [];
        while (await from.ReadAsync(cancel))
        {
            if (from.Number == 1)
            {
                masks = [.. Enumerable.Range(0, from.Count).Select(place => MaskOf(Encoding.UTF8.GetString(from.Field(place))))];
            }

            Write(from, from.Number == 1 ? [] : masks, buffer);
            if (buffer.WrittenCount >= FlushBytes)
            {
                await to.WriteAsync(buffer.WrittenMemory, cancel);
                buffer.ResetWrittenCount();
            }
        }

        await to.WriteAsync(buffer.WrittenMemory, cancel);
    }

    private void Write(CsvReader record, Mask?[] masks, ArrayBufferWriter<byte> to)
    {
        for (var place = 0; place < record.Count; place++)
        {
            to.Write(place == 0 ? ""u8 : ","u8);
            var value = record.Field(place);
            if (place < masks.Length && masks[place] is { } mask && value.Length > 0)
            {
                CsvText.Write(Encoding.UTF8.GetBytes(_rules.MaskSet.Apply(mask, Encoding.UTF8.GetString(value))), to);
            }
            else
            {
                CsvText.Write(value, to);
            }
        }

        to.Write("\n"u8);
    }

    // A column of the file fills an identifier, an attribute or both: what is hidden of either is hidden.
    private Mask? MaskOf(string column)
    {
        var name = column.Trim();
        var own = _rules.Into(_rules.Root, name).Mask;
        return _form != ExportForm.Attributes ? own
            : own ?? Inside("attributes", name) ?? Inside("identifiers", name);
    }

    private Mask? Inside(string holder, string name) => _rules.Into(_rules.Into(_rules.Root, holder), name).Mask;
}
