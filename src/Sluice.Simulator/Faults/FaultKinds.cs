using System.Globalization;
using Sluice.Simulator.Control;

namespace Sluice.Simulator.Faults;

/// <summary>The faults by name.</summary>
internal static class FaultKinds
{
    private static readonly SortedDictionary<string, Func<string?, Fault>> Kinds = new(StringComparer.Ordinal)
    {
        ["alternating-cursor"] = _ => new CursorFault(2),
        ["bare-list"] = _ => new BytesFault(BytesFault.BareList),
        ["bom"] = _ => new BytesFault(BytesFault.ByteOrderMark),
        ["changed-type"] = field => new RowsFault(rows => RowsFault.ChangeType(rows, field)),
        ["content-type"] = type => new ContentTypeFault(type ?? "text/plain"),
        ["broken-utf8"] = _ => new BytesFault(BytesFault.BrokenUtf8),
        ["cut-body"] = _ => new CutBodyFault(),
        ["cut-gzip"] = _ => new CutGzipFault(),
        ["deleted-parent"] = _ => new DeletedParentFault(),
        ["drop-change"] = text => new DropChangeFault(text ?? ""),
        ["drop-rows"] = count => new RowsFault(rows => RowsFault.Drop(rows, count)),
        ["duplicate-rows"] = where => where == "across-pages" ? new RepeatedRowFault() : new RowsFault(RowsFault.Duplicate),
        ["empty-body"] = _ => new BytesFault(BytesFault.Nothing),
        ["empty-middle-page"] = _ => new EmptyPageFault(),
        ["hang"] = span => new HangFault(Span(span, TimeSpan.FromMinutes(10))),
        ["html-error"] = status => new HtmlErrorFault(Number(status, 502)),
        ["invalid-json"] = _ => new BytesFault(BytesFault.InvalidJson),
        ["last-next"] = form => new LastNextFault(form ?? "null"),
        ["late-date"] = span => new LateDateFault(Span(span, TimeSpan.FromHours(1))),
        ["missing-root"] = _ => new BytesFault(BytesFault.WithoutLists),
        ["next-as-number"] = _ => new NumberCursorFault(),
        ["raw-record"] = name => new RawRecordFault(name ?? ""),
        ["repeated-cursor"] = _ => new CursorFault(1),
        ["reset"] = when => new ResetFault(when == "after"),
        ["slow-body"] = span => new SlowBodyFault(Span(span, TimeSpan.FromSeconds(2))),
        ["unknown-field"] = _ => new RowsFault(RowsFault.AddField),
        ["wrong-datacenter"] = status => new WrongDatacenterFault(Number(status, 301)),
    };

    private static readonly int[] Statuses = [400, 401, 403, 404, 408, 422, 429, 500, 502, 503, 504];

    /// <summary>All names, for error messages.</summary>
    public static string List => string.Join(", ", Names);

    /// <summary>The kinds, statuses first.</summary>
    public static IEnumerable<string> Names => [.. Statuses.Select(status => status.ToString(CultureInfo.InvariantCulture)), .. Kinds.Keys];

    /// <summary>Null for an unknown name; throws <see cref="FormatException"/> for an invalid argument.</summary>
    public static Fault? Create(string kind, string? argument)
    {
        if (int.TryParse(kind, NumberStyles.None, CultureInfo.InvariantCulture, out var status))
        {
            return Statuses.Contains(status)
                ? new StatusFault(status, argument is null ? null : response => response.Headers["Retry-After"] = argument)
                : null;
        }

        return Kinds.TryGetValue(kind, out var create) ? create(argument) : null;
    }

    private static TimeSpan Span(string? text, TimeSpan fallback)
        => text is null ? fallback : DurationText.Parse(text) ?? throw new FormatException($"'{text}' is no time span");

    private static int Number(string? text, int fallback)
        => text is null ? fallback
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 100 and < 600 ? number
            : throw new FormatException($"'{text}' is no HTTP status");
}
