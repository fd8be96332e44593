using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Engine;
using Sluice.Sql;
using Sluice.Writes.Backup;

namespace Sluice.Cli.Output;

/// <summary>What a backup costs, and what it has changed in its folder.</summary>
internal static class BackupView
{
    private const int MostNames = 20;

    public static string Price(IReadOnlyList<KeyValuePair<string, QueryReport>> prices, double perSecond, bool json)
    {
        // One more tells which workspace it is.
        var requests = prices.Sum(one => one.Value.LikelyRequests) + 1;
        var made = prices.Sum(one => one.Value.Requests);
        var time = TimeSpan.FromSeconds(requests / perSecond);
        if (json)
        {
            return JsonOutput.Write(new JsonObject
            {
                ["requests"] = requests,
                ["seconds"] = Math.Round(time.TotalSeconds, 1),
                ["requests_made"] = made,
                ["kinds"] = JsonOutput.Array(prices.Select(one => new JsonObject { ["kind"] = one.Key, ["requests"] = one.Value.LikelyRequests })),
            }) + "\n";
        }

        var table = new TextTable("kind", ">requests");
        foreach (var (kind, price) in prices)
        {
            table.Add(kind, NumberFormat.Count(price.LikelyRequests));
        }

        return $"{table}\nAbout {QueryPriceView.Count(requests, "request")}, {NumberFormat.Span(time)} at the workspace's rate; "
            + $"{QueryPriceView.Count(made, "request")} made to tell.\nNothing was written.\n";
    }

    public static string Text(BackupChanges changes, BackupIndex index, string folder, bool json)
    {
        if (json)
        {
            return JsonOutput.Write(new JsonObject
            {
                ["folder"] = folder,
                ["workspace"] = index.WorkspaceId,
                ["kinds"] = JsonOutput.Array(changes.Kinds.Select(kind => new JsonObject
                {
                    ["kind"] = kind.Kind.Name,
                    ["things"] = kind.Count,
                    ["new"] = kind.New,
                    ["changed"] = kind.Changed,
                    ["removed"] = JsonOutput.Array(kind.Removed),
                })),
            }) + "\n";
        }

        var table = new TextTable("kind", ">things", ">new", ">changed", ">removed");
        foreach (var kind in changes.Kinds)
        {
            int[] counts = [kind.Count, kind.New, kind.Changed, kind.Removed.Count];
            table.Add([kind.Kind.Name, .. counts.Select(count => NumberFormat.Count(count))]);
        }

        var text = new StringBuilder(table.ToString());
        var removed = changes.Kinds.SelectMany(kind => kind.Removed.Select(path => $"{kind.Kind.Name}/{path}")).ToList();
        foreach (var path in removed.Take(MostNames))
        {
            text.Append(CultureInfo.InvariantCulture, $"removed: {VisibleText.Line(path)}\n");
        }

        text.Append(removed.Count > MostNames ? $"and {NumberFormat.Count(removed.Count - MostNames)} more removed; --json names all\n" : "");
        var what = changes.IsNothing ? "is as it was" : "holds";
        return text.Append(CultureInfo.InvariantCulture, $"{folder} {what}: {VisibleText.Line(index.Workspace)}\n").ToString();
    }
}
