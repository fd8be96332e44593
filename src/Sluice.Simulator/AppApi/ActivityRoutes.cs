using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>The activity log of the workspace and of one person.</summary>
internal static class ActivityRoutes
{
    public static void Map(Router router)
    {
        router.Get("/v1/activities", All);
        router.Get("/v1/customers/{customer_id}/activities", OfPerson);
    }

    private static void All(Exchange exchange)
    {
        if (exchange.Query.IsUnencoded("customer_id") || exchange.Query.IsUnencoded("name"))
        {
            exchange.Empty("activities");
            return;
        }

        long? person = null;
        if (exchange.Query["customer_id"] is { } id)
        {
            person = PersonLookup.Find(exchange, id) ?? -1;
        }

        var deleted = exchange.Flag("deleted");
        Write(exchange, exchange.World.Activities.Newest(person).Where(activity => activity.Deleted is not null == deleted), EndOfList.Empty);
    }

    private static void OfPerson(Exchange exchange)
    {
        if (PersonLookup.OfPath(exchange, "activities") is { } person)
        {
            Write(exchange, exchange.World.Activities.Newest(person), EndOfList.Absent);
        }
    }

    private static void Write(Exchange exchange, IEnumerable<Activity> activities, EndOfList end)
    {
        var limit = exchange.Limit(10, 100);
        var (type, name) = (exchange.Query["type"], exchange.Query["name"]);
        var cursor = exchange.Cursor();
        var rows = activities
            .Where(activity => cursor is null || (activity.Timestamp, activity.Index).CompareTo(cursor.Value) < 0)
            .Where(activity => (type is null || activity.Type == type) && (name is null || IsNamed(activity, name)));
        exchange.Page(
            "activities", rows, limit, (writer, activity) => ActivityJson.Write(writer, exchange.World, activity),
            activity => (activity.Timestamp, activity.Index), end);
    }

    private static bool IsNamed(Activity activity, string name)
        => activity.Type == "attribute_change" ? activity.Data?[name] is not null : activity.Name == name;
}
