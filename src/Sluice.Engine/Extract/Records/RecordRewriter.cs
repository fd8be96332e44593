using System.Text.RegularExpressions;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Masking;

namespace Sluice.Engine.Extract;

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
