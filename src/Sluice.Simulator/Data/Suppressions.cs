namespace Sluice.Simulator.Data;

/// <summary>The email addresses that the email provider suppressed, by reason.</summary>
internal sealed class Suppressions
{
    public static readonly IReadOnlyList<string> Types = ["blocks", "bounces", "spam_reports", "invalid_emails"];
    public const string Domain = "mail.example.com";
    private readonly Dictionary<string, List<(string Email, long Created)>> _byType;

    public Suppressions(long created) => _byType = Types.ToDictionary(
        type => type,
        type => Enumerable.Range(0, type == "bounces" ? 250 : 3).Select(number => ($"{type}+{number}@example.com", created + number)).ToList(),
        StringComparer.Ordinal);

    public IReadOnlyList<(string Email, long Created)> Of(string type) => _byType[type];

    public void Add(string type, string email, long now)
    {
        if (!_byType[type].Exists(entry => entry.Email == email))
        {
            _byType[type].Add((email, now));
        }
    }

    public void Remove(string type, string email) => _byType[type].RemoveAll(entry => entry.Email == email);
}

/// <summary>The opt-outs of people from SMS and WhatsApp senders.</summary>
internal sealed class Optouts(SeededRandom random, int seededPeople)
{
    public const string SmsSender = "+15551234567";
    private readonly Dictionary<(long Person, string Channel, string From), bool> _changed = [];

    public IEnumerable<(string Channel, string From)> Of(long person)
    {
        var seeded = person < seededPeople && (person == 0 || random.OneIn(25, RandomStream.Response, person)) ? new[] { ("sms", SmsSender) } : [];
        var changed = _changed.Where(pair => pair.Key.Person == person).ToList();
        return seeded.Where(entry => !changed.Exists(pair => (pair.Key.Channel, pair.Key.From) == entry))
            .Concat(changed.Where(pair => pair.Value).Select(pair => (pair.Key.Channel, pair.Key.From)));
    }

    public void Set(long person, string channel, string from, bool optedOut) => _changed[(person, channel, from)] = optedOut;
}
