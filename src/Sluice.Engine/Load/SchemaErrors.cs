namespace Sluice.Engine.Load;

/// <summary>Says what a column can't become.</summary>
public static class SchemaErrors
{
    /// <summary>A change of type that no value would survive for certain.</summary>
    public static SluiceException Unfit(LoadTarget target, string column, string had, string type) => new(
        SluiceErrorKind.Schema,
        $"The column {column} of {target.Schema}.{target.Table} is {had} and would have to become {type}, which would change values.",
        $"Give --columns '{column}:text', which holds both, or replace the table with --full-refresh.");
}
