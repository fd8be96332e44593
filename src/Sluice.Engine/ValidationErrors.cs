using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Sluice.Engine;

/// <summary>Collects what is wrong with settings, so that everything can be corrected in one go.</summary>
public sealed class ValidationErrors
{
    private readonly List<SettingError> _found = [];

    /// <summary>Whether something is wrong so far.</summary>
    public bool Any => _found.Count > 0;

    /// <summary>What is wrong so far.</summary>
    public IReadOnlyList<SettingError> Found => _found;

    /// <summary>Notes what is wrong with a setting or with an item of it, such as a column, and what to do about it.</summary>
    public void Add(SettingKey key, SettingText problem, SettingText? fix = null, string? item = null) =>
        _found.Add(new SettingError(key, item, problem, fix));

    /// <summary>Notes what is wrong with something that is no setting, such as an argument, and what to do about it.</summary>
    public void Add(string problem, string? fix = null) => _found.Add(new SettingError(null, null, problem, fix));

    /// <summary>Hands what was found to another collection, in order.</summary>
    public void MoveTo(ValidationErrors other) => other._found.AddRange(_found);

    /// <summary>Hands what was found to another collection as mistakes of one setting.</summary>
    public void MoveTo(ValidationErrors other, SettingKey key, string? item = null) =>
        other._found.AddRange(_found.Select(error => error with { Key = key, Item = item }));

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

    /// <summary>Throws one error that names all mistakes as the command line calls their settings, if there are any.</summary>
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

    private static string Line(SettingError error) => error.Hint is null ? $"\n  - {error.Message}" : $"\n  - {error.Message}\n    {error.Hint}";
}

/// <summary>Something that is wrong with a setting.</summary>
/// <param name="Key">The setting; null when it is about none.</param>
/// <param name="Item">The item of the setting that it is about, such as a column; null when it is about all of it.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Fix">What to do about it, or null.</param>
public sealed record SettingError(SettingKey? Key, string? Item, SettingText Problem, SettingText? Fix)
{
    /// <summary>What is wrong, in the words of the command line.</summary>
    public string Message => Problem.ToString();

    /// <summary>What to do about it, in the words of the command line, or null.</summary>
    public string? Hint => Fix?.ToString();
}

/// <summary>What a setting is called.</summary>
/// <param name="InFile">Its key in the pipeline file.</param>
/// <param name="OnCommandLine">Its option, or what else names it where there is no file: a parameter of an address, a variable.</param>
public readonly record struct SettingKey(string InFile, string OnCommandLine)
{
    /// <summary>A setting whose option is called like its key: <c>--schema-contract</c> for <c>schema_contract</c>.</summary>
    public static SettingKey Of(string name) => new(name, "--" + name.Replace('_', '-'));

    /// <summary>Something that has one name everywhere.</summary>
    public static implicit operator SettingKey(string name) => new(name, name);

    /// <summary>Gives the name on the command line.</summary>
    public override string ToString() => OnCommandLine;
}

/// <summary>A sentence that may name settings, which are called one thing on the command line and another in the pipeline file.</summary>
/// <param name="literalLength">Given by the compiler.</param>
/// <param name="formattedCount">Given by the compiler.</param>
[InterpolatedStringHandler]
public sealed class SettingText(int literalLength, int formattedCount)
{
    private readonly List<object> _parts = new((2 * formattedCount) + Math.Min(literalLength, 1));

    /// <summary>A sentence that names none.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator SettingText?(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var sentence = new SettingText(text.Length, 0);
        sentence.AppendLiteral(text);
        return sentence;
    }

    /// <summary>Called by the compiler for the text between the values.</summary>
    public void AppendLiteral(string value) => _parts.Add(value);

    /// <summary>Called by the compiler for a value.</summary>
    public void AppendFormatted<T>(T value, string? format = null) =>
        _parts.Add(value switch
        {
            SettingKey key => key,
            IFormattable formattable => formattable.ToString(format, CultureInfo.InvariantCulture),
            _ => value?.ToString() ?? "",
        });

    /// <summary>Gives the sentence with settings called by their keys in the pipeline file.</summary>
    public string InFile() => string.Concat(_parts.Select(part => part is SettingKey key ? key.InFile : part));

    /// <summary>Gives the sentence as the command line says it.</summary>
    public override string ToString() => string.Concat(_parts);
}
