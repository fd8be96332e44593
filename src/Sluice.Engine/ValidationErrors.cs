namespace Sluice.Engine;

/// <summary>Collects what is wrong with a configuration, so that everything can be corrected in one go.</summary>
public sealed class ValidationErrors
{
    private readonly List<(string Message, string? Hint)> _found = [];

    /// <summary>Whether something is wrong so far.</summary>
    public bool Any => _found.Count > 0;

    /// <summary>What is wrong so far, with what to do about it.</summary>
    public IReadOnlyList<(string Message, string? Hint)> Found => _found;

    /// <summary>Notes a mistake and what to do about it.</summary>
    public void Add(string message, string? hint = null) => _found.Add((message, hint));

    /// <summary>Leaves out what another collection has, too.</summary>
    public void TakeAway(ValidationErrors others) => _found.RemoveAll(others._found.Contains);

    /// <summary>Hands what was found to another collection, in order.</summary>
    public void MoveTo(ValidationErrors other) => other._found.AddRange(_found);

    /// <summary>Reads one part; what it throws as a configuration error is noted, and <paramref name="otherwise"/> stands in for the value.</summary>
    public T Collect<T>(Func<T> read, T otherwise)
    {
        try
        {
            return read();
        }
        catch (SluiceException error) when (error.Kind == SluiceErrorKind.Config)
        {
            Add(error.Message, error.Hint);
            return otherwise;
        }
    }

    /// <summary>Throws one error that names all mistakes, if there are any.</summary>
    /// <exception cref="SluiceException">Something is wrong (kind Config).</exception>
    public void ThrowIfAny()
    {
        if (_found.Count == 1)
        {
            throw new SluiceException(SluiceErrorKind.Config, _found[0].Message, _found[0].Hint);
        }

        if (_found.Count > 1)
        {
            throw new SluiceException(SluiceErrorKind.Config, $"{_found.Count} settings are wrong:{string.Concat(_found.Select(Line))}");
        }
    }

    private static string Line((string Message, string? Hint) mistake) =>
        mistake.Hint is null ? $"\n  - {mistake.Message}" : $"\n  - {mistake.Message}\n    {mistake.Hint}";
}
