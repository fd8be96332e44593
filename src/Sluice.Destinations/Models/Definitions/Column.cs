namespace Sluice.Destinations.Models.Definitions;

/// <summary>Columns that are taken as they are, and those that several models have.</summary>
internal static class Column
{
    public const string CustomerIdDoc = "The person's id as the workspace sets it; NULL for a person without one. It means this in every model.";
    public const string CioIdDoc = "The person, by the identifier that Customer.io sets and never changes: join people on it.";
    public const string DayDoc = "The day at UTC-5 all year, which is how Customer.io divides its own metrics into days";

    /// <summary>Seconds from UTC to Customer.io's days.</summary>
    public const int DayOffset = -5 * 3600;

    public static ModelColumn Text(string name, string path, string doc) => new(name, ModelType.Text, doc, scope => scope[path]);

    public static ModelColumn Number(string name, string path, string doc) => new(name, ModelType.Integer, doc, scope => scope[path]);

    public static ModelColumn Time(string name, string path, string doc) => new(name, ModelType.Time, doc, scope => scope[path]);

    public static ModelColumn Flag(string name, string path, string doc) => new(name, ModelType.Boolean, doc, scope => scope[path]);

    /// <summary>The workspace, where several stand in one table.</summary>
    public static ModelColumn Workspace(string alias) =>
        Text("workspace", $"{alias}.{ModelScope.Workspace}", "The workspace, where several are read into the same tables.") with { IsQuiet = true };

    /// <summary>When Customer.io no longer had it.</summary>
    public static ModelColumn Deleted(string alias, string what) =>
        Time("deleted_at", $"{alias}._sluice_deleted_at", $"When Customer.io no longer had the {what}; NULL while it has.") with { IsQuiet = true };
}
