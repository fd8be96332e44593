namespace Sluice.Simulator.Data;

/// <summary>Addresses that the e-mail provider suppressed, by reason.</summary>
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
