using Sluice.Engine.Catalog;
using Sluice.Engine.Shape;

namespace Sluice.Engine.Extract;

/// <summary>What a record does not say of itself: whose it is, and what was asked for.</summary>
internal static class ParentStamp
{
    public static byte[] Of(Resource resource, ParentRow parent, RequestVariant? variant)
    {
        var own = resource.Parent?.Columns.Select(column => KeyValuePair.Create(column.Key, parent.Raw(column.Value))) ?? [];
        var asked = variant?.Columns.Select(column => KeyValuePair.Create(column.Key, EngineJson.Quote(column.Value))) ?? [];
        return InjectedColumns.Build(own.Concat(asked));
    }
}
