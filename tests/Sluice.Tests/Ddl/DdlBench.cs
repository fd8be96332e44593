using Sluice.Destinations.Warehouses;
using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Tests.Ddl;

internal static class DdlBench
{
    public static LakeTable Table(string name, bool marksDeleted = true)
    {
        var table = TableName.Parse(name, ResourceCatalog.Default);
        return LakeTable.Of(table, ResourceCatalog.Default.Find(table.Resource)!, marksDeleted);
    }

    public static string Write(
        string dialect, LakeTable table, string? location = null, IReadOnlyList<string>? files = null, string schema = "customerio")
    {
        var mistakes = new ValidationErrors();
        var address = LakeAddress.Read(location, mistakes);
        mistakes.ThrowIfAny();
        return WarehouseDialects.Write(dialect, new DdlRequest { Schema = schema, Location = address, Tables = [table], Files = files });
    }
}
