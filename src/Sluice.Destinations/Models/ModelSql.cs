namespace Sluice.Destinations.Models;

/// <summary>How a database spells the few things in which models differ from one to another; all else is SQL that each of them speaks.</summary>
internal abstract class ModelSql
{
    /// <summary>What every view that Sluice has made says of itself: one without it is somebody else's.</summary>
    public const string Mark = "Made by Sluice";

    // Seconds of 2001 and of 2100: counts, which some metrics are said to be, and broken values are no times.
    private const string FirstSecond = "1000000000";
    private const string LastSecond = "4102444800";

    /// <summary>Whether there is a type for JSON; elsewhere it stands in columns of text.</summary>
    public virtual bool HasJson => true;

    /// <summary>Quotes a name.</summary>
    public virtual string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A text as a value.</summary>
    public virtual string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>What the database calls a type.</summary>
    public abstract string TypeOf(ModelType type);

    /// <summary>What is never true.</summary>
    public virtual string False => "FALSE";

    /// <summary>NULL of a type.</summary>
    public string Null(ModelType type) => Cast("NULL", type);

    /// <summary>A value in another type.</summary>
    public virtual string Cast(string value, ModelType type) => $"CAST({value} AS {TypeOf(type)})";

    /// <summary>The member of an object as a whole number; NULL when it is none.</summary>
    /// <param name="json">The column with the object.</param>
    /// <param name="member">The member's name, of letters and _.</param>
    public abstract string Whole(string json, string member);

    /// <summary>The instant so many seconds after 1970; NULL for what can be no time of a message.</summary>
    public string Instant(string seconds) => $"CASE WHEN {seconds} BETWEEN {FirstSecond} AND {LastSecond} THEN {At(seconds)} END";

    /// <summary>The day in UTC on which an instant is, moved by some seconds.</summary>
    public abstract string Day(string time, int seconds);

    /// <summary>The instant so many days before now.</summary>
    public abstract string DaysAgo(int days);

    /// <summary>The whole seconds from one instant to another.</summary>
    public abstract string SecondsBetween(string from, string to);

    /// <summary>What an address has behind its @, in small letters.</summary>
    public abstract string DomainOf(string address);

    /// <summary>The place from 1 of the object with that id in an array; null where the database has no word for it.</summary>
    public virtual string? PlaceOf(string array, string id) => null;

    /// <summary>What gives a row for each member of an object; null where the database has no word for it.</summary>
    public virtual MemberJoin? Members(string json) => null;

    /// <summary>One number divided by another; NULL when that is 0.</summary>
    public string Ratio(string part, string whole) => $"{Cast(part, ModelType.Number)} / nullif({whole}, 0)";

    /// <summary>How many rows of a group fulfil a condition.</summary>
    public static string CountOf(string condition) => $"count(CASE WHEN {condition} THEN 1 END)";

    /// <summary>The statements that make a view, or put it in the place of the one that Sluice has made before.</summary>
    /// <param name="view">The view's name, quoted.</param>
    /// <param name="made">What it is.</param>
    public virtual IEnumerable<string> Create(string view, PlannedModel made) => [$"CREATE OR REPLACE VIEW {view} AS\n{made.Select}"];

    /// <summary>The sentence that a view says of itself.</summary>
    public static string Comment(PlannedModel made) => $"{Mark} (sluice models): {made.Model.Doc}";

    /// <summary>The same of seconds that are known to be a time.</summary>
    protected abstract string At(string seconds);
}

/// <summary>What is joined to a relation to have a row for each member of an object.</summary>
/// <param name="Join">What follows the relation.</param>
/// <param name="Name">The member's name.</param>
/// <param name="Value">Its value as text.</param>
internal sealed record MemberJoin(string Join, string Name, string Value);
