using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Engine;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Statements;

/// <summary>Makes calls of changed rows, and refuses what no call can do before anything is sent.</summary>
public sealed class CallPlan
{
    private const int MostProblems = 10;

    private readonly TableWrites _table;
    private readonly IReadOnlyList<string> _key;
    private readonly List<string> _problems = [];
    private readonly List<string> _joined = [];
    private readonly List<string> _warnings = [];
    private Dictionary<long, int> _numbers = [];

    /// <param name="table">What can be written of the table.</param>
    /// <param name="key">Its primary key.</param>
    public CallPlan(TableWrites table, IReadOnlyList<string> key) => (_table, _key) = (table, key);

    /// <summary>The rows of collections after the statement, by collection; only needed where a call writes all rows of one.</summary>
    public IReadOnlyDictionary<string, JsonArray> Contents { get; init; } = new Dictionary<string, JsonArray>(StringComparer.Ordinal);

    /// <summary>The columns that are attributes of people.</summary>
    public IReadOnlySet<string> Attributes { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The columns whose new values the statement computes from those that are shown.</summary>
    public IReadOnlySet<string> Computed { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>What somebody should know before it is sent; read after the calls are made.</summary>
    public IReadOnlyList<string> Warnings =>
    [
        .. _joined.Take(MostProblems),
        .. _joined.Count > MostProblems
            ? [string.Create(CultureInfo.InvariantCulture, $"So have rows of {_joined.Count - MostProblems} more identifiers.")]
            : Array.Empty<string>(),
        .. Doubts.Cleared,
        .. Doubts.Milliseconds,
        .. _warnings,
    ];

    /// <summary>What is sent as it is and may be meant otherwise.</summary>
    internal Doubts Doubts { get; } = new();

    /// <summary>Makes the calls.</summary>
    /// <exception cref="SluiceException">A row can't be changed like that (kind Config).</exception>
    public IReadOnlyList<PlannedCall> Make(IReadOnlyList<RowChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        _numbers = changes.Index().ToDictionary(one => one.Item.Row, one => one.Index + 1);
        IReadOnlyList<PlannedCall> calls = _table.Form switch
        {
            WriteShape.Members => [.. MemberCalls.Make(this, changes)],
            WriteShape.Rows => [.. CollectionCalls.Make(this, changes)],
            WriteShape.Person => [.. PersonCalls.Make(this, changes)],
            WriteShape.Object or WriteShape.Relationship => [.. ObjectCalls.Make(this, changes, _table.Form)],
            _ => [.. changes.Select(Row).OfType<PlannedCall>()],
        };
        return _problems.Count == 0 ? calls : throw Refusal();
    }

    /// <summary>The call of a verb; null, with the problem noted, when there is none.</summary>
    internal WriteCall? Call(RowChange change)
    {
        var call = _table.Find(change.Verb);
        if (call is null)
        {
            Problem(change, $"Customer.io has no call that does {change.Verb.ToUpperInvariant()} on {_table.Table}");
            return null;
        }

        foreach (var (column, value) in call.OnlyWhere.Where(one => change.Text(one.Key) != one.Value))
        {
            Problem(change, $"{column} is {change.Text(column)}: only {value} ones can be changed");
        }

        return call;
    }

    internal void Problem(RowChange change, string text)
    {
        var key = KeyText.Of(_key, change.Known);
        _problems.Add($"{_table.Table} {(key.Length > 0 ? key : $"row {_numbers[change.Row].ToString(CultureInfo.InvariantCulture)}")}: {text}");
    }

    /// <summary>Tells that rows of one identifier are sent as one.</summary>
    internal void TellJoined(PlannedItem item) => _joined.Add(
        $"{_table.Table} rows {string.Join(", ", item.Joined.Select(row => _numbers[row]))} and {_numbers[item.Row]} have the same identifier "
            + $"({item.Key}): they are sent as one, in which the last row wins.");

    /// <summary>Notes values of a row that may be meant otherwise.</summary>
    internal void Doubt(string key, IReadOnlyList<ValueChange> values)
    {
        foreach (var one in values)
        {
            if (WriteRules.IsMilliseconds(one.Name, one.New))
            {
                Doubts.AddMilliseconds(one.Name, key);
            }

            // An empty text takes an attribute away, as nothing does.
            if (one.New is null ? one.Old is not null : one.New.ToString().Length == 0)
            {
                Doubts.AddCleared(one.Name, key);
            }
        }
    }

    internal string KeyOf(RowChange change)
    {
        var key = KeyText.Of(_key, change.Known);
        return key.Length > 0 ? key : KeyText.Of(_table.Fields.Where(field => field.Required.Count > 0).Select(field => field.Name), change.Known);
    }

    /// <summary>Whether all columns that have changed can be written; those that can't are noted.</summary>
    internal bool MayWrite(RowChange change)
    {
        var wrong = change.Verb == "delete" ? [] : change.Changed
            .Where(column => Field(column, change.Verb) is null && !Attributes.Contains(column)).ToList();
        foreach (var column in wrong)
        {
            Problem(change, Refuse(_table, column, change.Verb));
        }

        return wrong.Count == 0;
    }

    /// <summary>Says why a column can't be written, and which can.</summary>
    public static string Refuse(TableWrites table, string column, string verb)
    {
        ArgumentNullException.ThrowIfNull(table);
        var others = table.Fields.Where(field => field.On.Contains(verb)).Select(field => field.Name);
        return $"{column} can't be set by {verb.ToUpperInvariant()}; what can is {string.Join(", ", others)}";
    }

    private PlannedCall? Row(RowChange change)
    {
        if (Call(change) is not { } call || !MayWrite(change))
        {
            return null;
        }

        var isDelete = change.Verb == "delete";
        return new PlannedCall
        {
            Call = call,
            Verb = change.Verb,
            Key = KeyOf(change),
            Route = RouteOf(call, change),
            Body = isDelete ? null : Body(change, call),
            Changes = isDelete ? [] :
            [
                .. _table.Fields.Where(field => change.Changed.Contains(field.Name))
                    .Select(field => new ValueChange(field.Name, change.Before?[field.Name], change.After![field.Name])),
            ],
            Before = call.Undo is null ? null : Former(change),
            Fields = call.Read is null ? [] : _table.Fields,
            IsRepeatable = call.IsRepeatable,
            Rows = [change.Row],
        };
    }

    private JsonObject Body(RowChange change, WriteCall call)
    {
        var body = new CallBody(call, _table.Fields);
        foreach (var field in _table.Fields.Where(field => field.On.Contains(change.Verb) || field.Required.Contains(change.Verb)))
        {
            CheckChannel(change, field);
            CheckHidden(change, field);
            AddTo(body, field, change, call);
            if (change.After![field.Name] is null && field.Required.Contains(change.Verb) && !change.Changed.Contains(field.Name))
            {
                Problem(change, $"{field.Name} is missing");
            }
        }

        _warnings.AddRange(body.Warnings);
        foreach (var problem in change.Verb == "update" && call.Read is not null ? [] : body.Problems)
        {
            Problem(change, problem);
        }

        return body.Body;
    }

    // Where the row is read first, the body holds what is set and nothing else.
    private void AddTo(CallBody body, WriteField field, RowChange change, WriteCall call)
    {
        var value = change.After![field.Name];
        var isSet = change.Changed.Contains(field.Name);
        if (value is null && isSet && field.IsNullable)
        {
            body.Body[field.Key] = null;
        }
        else if (value is null && isSet)
        {
            Problem(change, $"{field.Name} can't be NULL");
        }
        else if (isSet || (call.Read is null && field.Required.Contains(change.Verb)))
        {
            body.Add(field, value);
        }
    }

    private void CheckChannel(RowChange change, WriteField field)
    {
        if (!change.Changed.Contains(field.Name))
        {
            return;
        }

        if (field.Channels.Count > 0 && change.Text("type") is { } type && !field.Channels.Contains(type))
        {
            Problem(change, $"{field.Name} of a message of type {type} can't be changed; of type {string.Join(", ", field.Channels)} it can");
        }

        if (field.Name == "body" && change.Text("editor") == "drag-and-drop")
        {
            Problem(change, "body was made with the drag-and-drop editor, and can only be changed there");
        }
    }

    // What is not shown would be lost with a value that is made of what is.
    private void CheckHidden(RowChange change, WriteField field)
    {
        if (!change.Changed.Contains(field.Name))
        {
            return;
        }

        if (field.HiddenPart is { } hidden && change.After![field.Name]?.ToString().Contains(hidden, StringComparison.Ordinal) == true)
        {
            Problem(change, $"{field.Name} would get {hidden}, which stands for what is not shown of it: set it whole, to a text of its own");
        }

        if (field.IsShownBlank && Computed.Contains(field.Name) && change.Before?[field.Name]?.ToString() is "")
        {
            Problem(change, $"{field.Name} is shown blank, so that nothing can be computed from it: set it whole, to a text of its own");
        }
    }

    // What can't be read, such as the rows of a collection, can't be written back: then there is nothing to keep.
    private JsonObject? Former(RowChange change)
    {
        var former = new JsonObject();
        var isKnown = false;
        foreach (var name in _key.Concat(_table.Fields.Select(field => field.Name)).Distinct(StringComparer.Ordinal))
        {
            if (change.Before?[name] is { } value && (change.Verb == "delete" || _key.Contains(name) || change.Changed.Contains(name)))
            {
                former[name] = value.DeepClone();
                isKnown |= change.Verb == "delete" || !_key.Contains(name);
            }
        }

        return isKnown ? former : null;
    }

    internal static IReadOnlyList<KeyValuePair<string, string>> RouteOf(WriteCall call, RowChange change) =>
    [
        .. change.Known.Where(value => value.Value is not null && call.Route.Contains($"{{{value.Key}}}", StringComparison.Ordinal))
            .Select(value => KeyValuePair.Create(value.Key, value.Value!.ToString())),
    ];

    private WriteField? Field(string column, string verb) =>
        _table.Fields.FirstOrDefault(field => field.Name == column && field.On.Contains(verb));

    private SluiceException Refusal()
    {
        var more = _problems.Count - MostProblems;
        var last = more > 0 ? string.Create(CultureInfo.InvariantCulture, $"and {more} more") : null;
        var lines = _problems.Take(MostProblems).Append(last).OfType<string>();
        return new SluiceException(
            SluiceErrorKind.Config, string.Join("\n  ", lines), $"Nothing was sent. 'sluice tables {_table.Table}' lists what can be changed.");
    }
}
