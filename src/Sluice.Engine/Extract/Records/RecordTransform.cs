using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Masking;

namespace Sluice.Engine.Extract;

/// <summary>
/// Everything that happens to a record between the answer and its line, in one pass: arrays become rows, secrets and masked values go, members are
/// written beside their object, and what the record does not say of itself is put in front.
/// </summary>
internal sealed class RecordTransform
{
    private readonly ArrayExpander? _expander;
    private readonly RecordRewriter? _rewriter;
    private readonly Flattening? _flattening;

    private RecordTransform(ArrayExpander? expander, RecordRewriter? rewriter, Flattening? flattening) =>
        (_expander, _rewriter, _flattening) = (expander, rewriter, flattening);

    /// <summary>Copies records as they are.</summary>
    public static RecordTransform None { get; } = new(null, null, null);

    public static RecordTransform For(Extraction extraction) => new(
        ArrayExpander.For(extraction.Resource),
        RecordRewriter.For(extraction.Resource, extraction.Masks),
        extraction.Flattening);

    /// <summary>The same for records that come as rows and have nothing hidden any more, since they were kept before.</summary>
    public static RecordTransform ForKept(Extraction extraction) =>
        new(null, null, extraction.Flattening);

    /// <summary>A page as it will be kept.</summary>
    /// <param name="partition">Where it belongs.</param>
    /// <param name="page">The page as Customer.io sent it.</param>
    /// <param name="injected">What every record gets in front, <c>{"name":value,</c>, or nothing.</param>
    /// <param name="rowsBefore">Rows that the partition had before.</param>
    public PageDraft Draft(string partition, Page page, ReadOnlySpan<byte> injected, long rowsBefore = 0)
    {
        var next = string.IsNullOrEmpty(page.Next) ? null : page.Next;
        var draft = new PageDraft(partition, page.Body.Length + (page.Records.Count * (injected.Length + 1))) { Next = next, Last = next is null };
        Add(draft, page, injected, rowsBefore);
        return draft;
    }

    /// <summary>Adds a page's records to a draft.</summary>
    public void Add(PageDraft draft, Page page, ReadOnlySpan<byte> injected, long rowsBefore = 0)
    {
        var rows = _expander?.Apply(page, rowsBefore) ?? page;
        for (var i = 0; i < rows.Records.Count; i++)
        {
            Add(draft, rows.Record(i).Span, injected);
        }

        AddFields(draft, rows.Fields);
    }

    /// <summary>Adds one record; its own fields must be told with <see cref="AddFields"/>.</summary>
    public void Add(PageDraft draft, ReadOnlySpan<byte> record, ReadOnlySpan<byte> injected)
    {
        record = _rewriter is null ? record : _rewriter.Rewrite(record);
        // Several pages pass at once: what the flattener writes to must be this record's alone.
        draft.Add(_flattening is null ? record : new RecordFlattener(_flattening).Apply(record, draft.Fields), injected);
    }

    /// <summary>Notes the fields that records had when they came.</summary>
    public void AddFields(PageDraft draft, FieldProfile fields) => draft.Fields.Add(_rewriter?.KindsOf(fields) ?? fields);
}

/// <summary>Takes secrets and masked values out of records before they reach the disk.</summary>
internal sealed partial class RecordRewriter
{
    private readonly HashSet<string> _urlFields;
    private readonly MaskRules _rules;

    private RecordRewriter(HashSet<string> urlFields, MaskRules rules)
    {
        _urlFields = urlFields;
        _rules = rules;
    }

    /// <summary>Gives null when records can be copied as they are.</summary>
    public static RecordRewriter? For(Resource resource, MaskSet masking)
    {
        var fields = resource.Redactions
            .Where(redaction => redaction.Rule == RedactionRule.UrlSecrets)
            .Select(redaction => redaction.Column)
            .ToHashSet(StringComparer.Ordinal);
        var rules = new MaskRules(masking, resource);
        return fields.Count == 0 && rules.IsEmpty ? null : new RecordRewriter(fields, rules);
    }

    /// <summary>The record with what is to be hidden replaced, and every other byte as it came.</summary>
    public ReadOnlySpan<byte> Rewrite(ReadOnlySpan<byte> record) => new RecordCopy(record, _rules, _urlFields).Run();

    /// <summary>The kinds that fields have once they are rewritten: what was hidden is text, objects and arrays keep their form.</summary>
    public FieldProfile KindsOf(FieldProfile before)
    {
        var after = new FieldProfile { HasRepeatedNames = before.HasRepeatedNames };
        foreach (var (field, kinds) in before)
        {
            after.Add(field, _rules.Into(_rules.Root, field).Mask is null ? kinds : Masked(kinds));
        }

        return after;
    }

    /// <summary>Leaves of a URL what tells where it leads, not what opens it.</summary>
    internal static string RedactUrl(string url) => QueryValue().Replace(UserInfo().Replace(url, "$1***@"), "$1***");

    private static JsonKinds Masked(JsonKinds kinds)
    {
        var kept = kinds & (JsonKinds.Null | JsonKinds.Object | JsonKinds.Array);
        return kept == kinds ? kept : kept | JsonKinds.Text;
    }

    [GeneratedRegex(@"^([a-z][a-z0-9+.-]*://)[^/?#]*@", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"([?&][^=&#]*=)[^&#]*", RegexOptions.NonBacktracking)]
    private static partial Regex QueryValue();
}

/// <summary>
/// Values that a record does not contain (its parent's id, what was asked for) are written in front of its fields under reserved names.
/// </summary>
internal static class InjectedColumns
{
    public static string NameOf(string column) => Column.InjectedPrefix + column;

    public static bool IsInjected(string field) => field.StartsWith(Column.InjectedPrefix, StringComparison.Ordinal);

    /// <summary>What records have from their parent and from the variant of the request.</summary>
    public static byte[] Of(Resource resource, ParentRow parent, RequestVariant? variant)
    {
        var own = resource.Parent?.Columns.Select(column => KeyValuePair.Create(column.Key, parent.Raw(column.Value))) ?? [];
        var asked = variant?.Columns.Select(column => KeyValuePair.Create(column.Key, EngineJson.Quote(column.Value))) ?? [];
        return Build(own.Concat(asked));
    }

    /// <summary>Puts two together, of which each may be empty.</summary>
    public static byte[] Join(byte[] first, byte[] second) =>
        first.Length == 0 ? second
        : second.Length == 0 ? first
        : [.. first, .. second.AsSpan(1)];

    /// <summary>The values as raw JSON by field.</summary>
    public static Dictionary<string, string> Read(byte[] injected)
    {
        if (injected.Length == 0)
        {
            return new Dictionary<string, string>(StringComparer.Ordinal);
        }

        using var document = JsonDocument.Parse(Encoding.UTF8.GetString(injected.AsSpan(..^1)) + "}");
        return document.RootElement.EnumerateObject().ToDictionary(field => field.Name, field => field.Value.GetRawText(), StringComparer.Ordinal);
    }

    /// <summary>Builds <c>{"_sluice_p_campaign_id":7,</c> from columns and raw JSON values; empty when there are none.</summary>
    public static byte[] Build(IEnumerable<KeyValuePair<string, string>> rawValues)
    {
        var text = new StringBuilder();
        foreach (var (column, raw) in rawValues)
        {
            text.Append(text.Length == 0 ? '{' : ' ').Append(EngineJson.Quote(NameOf(column)))
                .Append(':').Append(raw).Append(',');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
