using Sluice.Engine.Catalog;

namespace Sluice.Destinations.ClickHouse;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as the server writes it.</param>
internal sealed record ClickHouseColumn(string Name, string Type)
{
    public string Quoted { get; } = ClickHouseText.Quote(Name);

    public ColumnType Meaning => ClickHouseType.Parse(Type);

    /// <summary>Two expressions that are equal for two values exactly if these are the same, NULL being the same as NULL.</summary>
    public string Same => $"ifNull({Quoted}, {ClickHouseType.Stand(Type)}), isNull({Quoted})";
}
