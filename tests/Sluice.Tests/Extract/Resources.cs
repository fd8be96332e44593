using Sluice.Engine.Catalog;

namespace Sluice.Tests.Extract;

internal static class Resources
{
    public static Resource Child { get; } = new()
    {
        Name = "children",
        Doc = "",
        DocsUrl = "",
        Path = "/v1/parents/{parent_id}/children",
        RootKeys = ["children"],
        PrimaryKey = ["id"],
        Parent = new ParentBinding { Resource = "parents", Route = new Dictionary<string, string> { ["parent_id"] = "id" } },
    };

    public static Resource Parent { get; } = new()
    {
        Name = "parents",
        Doc = "",
        DocsUrl = "",
        Path = "/v1/parents",
        RootKeys = ["parents"],
        PrimaryKey = ["id"],
        Columns =
        [
            new("id", ColumnType.Text, ""),
            new("cio_id", ColumnType.Text, "") { Source = "ids.cio_id|cio.id" },
        ],
    };
}
