namespace Sluice.Simulator.Data;

/// <summary>The first people of every workspace: edge cases that a reader of the API can get wrong.</summary>
internal static class EdgeCasePeople
{
    public const int InNoSegment = 11;
    private static readonly (string? Id, string? Email)[] Keys =
    [
        ("1", "first@example.com"),
        (null, "no.id@example.com"),
        ("no-email", null),
        (null, null),
        ("a+b@x/ y&z", "a+b@example.com"),
        ("007", "bond@example.com"),
        ("case", "Case@Example.com"),
        ("hostile'; --", "o'brien@example.com"),
        ("big", "big@example.com"),
        ("ünï-日本-🎉", "ünï@exämple.com"),
        ("100%25#plain?x=1", "percent%20@example.com"),
        ("lonely", "lonely@example.com"),
        ("twin-1", "shared@example.com"),
        ("twin-2", "shared@example.com"),
    ];

    private static readonly Dictionary<string, long> ById = Keys
        .Select((key, index) => (key.Id, index)).Where(pair => pair.Id is not null)
        .ToDictionary(pair => pair.Id!, pair => (long)pair.index, StringComparer.Ordinal);

    public static int Count => Keys.Length;

    public static (string? Id, string? Email) KeyOf(long index) => Keys[index];

    public static long? FindById(string id) => ById.TryGetValue(id, out var index) ? index : null;

    public static IEnumerable<long> FindByEmail(string email)
    {
        for (var index = 0; index < Keys.Length; index++)
        {
            if (string.Equals(Keys[index].Email, email, StringComparison.OrdinalIgnoreCase))
            {
                yield return index;
            }
        }
    }

    public static void AddAttributes(PersonProfile profile, long index, long when)
    {
        foreach (var (name, value) in AttributesOf(index))
        {
            profile.Set(name, value, when);
        }
    }

    private static (string Name, string Value)[] AttributesOf(long index) => index switch
    {
        0 => [("plan", "pro"), ("empty", ""), ("nested", "{\"a\":{\"b\":[1,2,{\"c\":null}]}}"), ("list", "[\"x\",\"y\"]")],
        5 => [("code", "007"), ("zip", "01234"), ("account", "123456789012345678901234567890"), ("rate", "1e5"), ("flag", "true")],
        6 => [("Name", "Upper"), ("name", "lower"), ("NAME", "shouting")],
        7 => [("drop table \"x\"; --", "'); drop table people; --"), ("a.b[0]", "dotted"), ("", "no name"), ("new\nline", "a\r\nb\tc")],
        8 => [("essay", new string('x', 5000)), ("=cmd|' /C calc'!A0", "=1+1")],
        9 => [("prénom", "Zoë"), ("città", "København"), ("emoji 🎉", "👩‍👩‍👧‍👦")],
        _ => [],
    };
}
