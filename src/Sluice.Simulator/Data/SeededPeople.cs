using System.Globalization;

namespace Sluice.Simulator.Data;

/// <summary>The initial people of a workspace, as a pure function of their index.</summary>
internal sealed class SeededPeople(SeededRandom random, SimulatedClock clock, int count)
{
    private const string CioPrefix = "d9c1";
    private static readonly string[] Plans = ["free", "basic", "pro", "enterprise"];
    private static readonly string[] Cities = ["Albuquerque", "København", "Zürich", "東京", "San José", "New York, NY"];
    private static readonly string[] Names = ["Ann", "Béla", "Chloé", "Dmitri", "Eun-ji", "Fatima", "O'Neil", "Zoë"];
    private readonly long _start = clock.Start.ToUnixTimeSeconds() - Deliveries.SpanDays * 86400;

    public int Count => count;

    public static string CioIdOf(long index) => string.Create(CultureInfo.InvariantCulture, $"{CioPrefix}{index + 1:x8}");

    public static string PhoneOf(long index) => string.Create(CultureInfo.InvariantCulture, $"+1505{index:0000000}");

    public long CreatedAt(long index) => _start + (long)(index * (Deliveries.SpanDays * 86400.0 / Math.Max(1, count)));

    public PersonKey KeyOf(long index)
    {
        if (index < EdgeCasePeople.Count)
        {
            var (id, email) = EdgeCasePeople.KeyOf(index);
            return new PersonKey(index, CioIdOf(index), id, email);
        }

        var hasId = !random.OneIn(10, RandomStream.PersonId, index);
        var hasEmail = !random.OneIn(8, RandomStream.PersonEmail, index);
        return new PersonKey(index, CioIdOf(index), hasId ? $"user-{index}" : null, hasEmail ? $"person{index}@example.com" : null);
    }

    public PersonProfile ProfileOf(long index)
    {
        var key = KeyOf(index);
        var created = CreatedAt(index);
        var profile = new PersonProfile { Unsubscribed = random.OneIn(20, RandomStream.PersonUnsubscribed, index) };
        profile.Set("cio_id", key.CioId, created);
        profile.Set("created_at", created.ToString(CultureInfo.InvariantCulture), created);
        if (key.Id is not null)
        {
            profile.Set("id", key.Id, created);
        }

        if (key.Email is not null)
        {
            profile.Set("email", key.Email, created + 10);
        }

        AddOrdinary(profile, index, created);
        EdgeCasePeople.AddAttributes(profile, index, created + 20);
        return profile;
    }

    public long? FindById(string id)
    {
        var odd = EdgeCasePeople.FindById(id);
        return odd < count ? odd : Checked(Number(id, "user-", ""), index => KeyOf(index).Id == id);
    }

    public IEnumerable<long> FindByEmail(string email)
    {
        foreach (var odd in EdgeCasePeople.FindByEmail(email).Where(odd => odd < count))
        {
            yield return odd;
        }

        var found = Checked(
            Number(email.ToLowerInvariant(), "person", "@example.com"),
            index => string.Equals(KeyOf(index).Email, email, StringComparison.OrdinalIgnoreCase));
        if (found is { } index)
        {
            yield return index;
        }
    }

    public long? FindByCioId(string cioId)
    {
        var known = cioId.StartsWith(CioPrefix, StringComparison.Ordinal)
            && long.TryParse(cioId.AsSpan(CioPrefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            ? number - 1 : -1;
        return known >= 0 && known < count && CioIdOf(known) == cioId ? known : null;
    }

    public long? FindByPhone(string phone) => Checked(Number(phone, "+1505", ""), index => HasPhone(index) && PhoneOf(index) == phone);

    private long? Checked(long? index, Func<long, bool> matches)
        => index is { } found && found >= 0 && found < count && matches(found) ? found : null;

    private static long? Number(string text, string prefix, string suffix)
        => text.StartsWith(prefix, StringComparison.Ordinal) && text.EndsWith(suffix, StringComparison.Ordinal)
            && text.Length > prefix.Length + suffix.Length
            && long.TryParse(text.AsSpan(prefix.Length..^suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : null;

    private bool HasPhone(long index) => random.OneIn(2, RandomStream.PersonAttribute, index);

    private void AddOrdinary(PersonProfile profile, long index, long created)
    {
        profile.Set("first_name", random.Pick(Names, RandomStream.PersonValue, index), created + 30);
        profile.Set("plan", Plans[index % Plans.Length], created + 40);
        profile.Set("city", Cities[index % Cities.Length], created + 50);
        profile.Set("score", random.Below(1000, RandomStream.PersonValue, index).ToString("0000", CultureInfo.InvariantCulture), created + 60);
        if (HasPhone(index))
        {
            profile.Set("phone", PhoneOf(index), created + 70);
        }

        if (index % 3 == 0)
        {
            profile.Set("cio_subscription_preferences", "{\"topics\":{\"topic_1\":true,\"topic_2\":false}}", created + 80);
            profile.Set("_cio_subscription_preferences_computed", "{\"topics\":{\"topic_1\":true,\"topic_2\":false,\"topic_3\":true}}", 0);
        }

        if (index % 5 == 2)
        {
            profile.Set($"rare_{index % 50}", "7", created + 90);
        }

        if (index % 4 == 0)
        {
            AddDevice(profile, index, created);
        }
    }

    private static void AddDevice(PersonProfile profile, long index, long created)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["device_os"] = "14.1",
            ["push_enabled"] = "true",
            ["_last_status"] = "",
        };
        profile.Devices.Add(new Device($"token:{index}/a+b", index % 8 == 0 ? "ios" : "android", created + 100, attributes));
    }
}
