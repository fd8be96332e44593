using Sluice.Destinations.Models.Definitions;

namespace Sluice.Destinations.Models;

/// <summary>All models, each after those that it is made from.</summary>
internal static class ModelCatalog
{
    public static IReadOnlyList<Model> All { get; } =
    [
        DeliveriesModel.Model,
        PeopleModels.People,
        PeopleModels.Attributes,
        PeopleModels.Engagement,
        PeopleModels.Topics,
        PerformanceModels.Daily,
        PerformanceModels.Campaigns,
        PerformanceModels.Newsletters,
        PerformanceModels.Variants,
        StepsModel.Model,
        MetricsModels.Daily,
        MetricsModels.Links,
        SegmentGrowthModel.Model,
    ];

    /// <summary>The tables that models are made from, by the catalog's name.</summary>
    public static IReadOnlyList<string> Tables { get; } =
        [.. All.SelectMany(model => model.Relations).Distinct(StringComparer.Ordinal).Where(name => All.All(model => model.Name != name))];

    /// <summary>The schema of the views upon a schema's tables.</summary>
    public static string SchemaOf(string schema) => $"{schema}_models";

    /// <summary>The place of a model among all; -1 for none.</summary>
    public static int PlaceOf(string name) => All.ToList().FindIndex(model => model.Name == name);

    /// <summary>The name that a table has in a destination unless it was given another.</summary>
    public static string TableOf(string table) => table.Replace(':', '_');

    public static Model? Find(string name) => All.FirstOrDefault(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
