namespace Sluice.Simulator.Data;

/// <summary>Who opted out of which SMS or WhatsApp sender.</summary>
internal sealed class Optouts(Dice dice, int seededPeople)
{
    public const string SmsSender = "+15551234567";
    private readonly Dictionary<(long Person, string Channel, string From), bool> _changed = [];

    public IEnumerable<(string Channel, string From)> Of(long person)
    {
        var seeded = person < seededPeople && (person == 0 || dice.OneIn(25, Purpose.Response, person)) ? new[] { ("sms", SmsSender) } : [];
        var changed = _changed.Where(pair => pair.Key.Person == person).ToList();
        return seeded.Where(entry => !changed.Exists(pair => (pair.Key.Channel, pair.Key.From) == entry))
            .Concat(changed.Where(pair => pair.Value).Select(pair => (pair.Key.Channel, pair.Key.From)));
    }

    public void Set(long person, string channel, string from, bool optedOut) => _changed[(person, channel, from)] = optedOut;
}
