using Sluice.Engine;
using Sluice.Settings;
using Sluice.Settings.Pipelines;
using Sluice.Sql;
using Sluice.Writes.Statements;

namespace Sluice.Data;

/// <summary>What a connection string says: which workspace is asked, and how.</summary>
internal static class ConnectionTarget
{
    private const string Scheme = "customerio://";
    private const string KeyVariable = "CUSTOMERIO_APP_API_KEY";

    /// <summary>Finds the workspace.</summary>
    /// <exception cref="SluiceException">Something is wrong or missing (kind Config).</exception>
    public static SourceAddress FindWorkspace(SluiceConnectionStringBuilder settings)
    {
        var mistakes = new ValidationErrors();
        var source = settings.Workspace.Length > 0 ? OfFile(settings, mistakes) : OfAddress(settings, mistakes);
        mistakes.ThrowIfAny();
        return source!;
    }

    /// <summary>The settings of queries.</summary>
    public static SqlOptions OptionsOf(SluiceConnectionStringBuilder settings, SourceAddress source) => new()
    {
        MostRequests = settings.MaxRequests,
        CacheLifetime = settings.CacheTtl,
        IsFresh = settings.Fresh,
        CacheFolder = WorkFolder(settings) is { } folder ? source.QueryCacheIn(folder) : null,
    };

    /// <summary>What calls are sent with.</summary>
    /// <exception cref="SluiceException">There is no folder for their journal (kind Config).</exception>
    public static CallSettings CallsOf(SluiceConnectionStringBuilder settings, SourceAddress source) => new()
    {
        WorkFolder = WorkFolder(settings) ?? throw new SluiceException(
            SluiceErrorKind.Config,
            "There is no folder for the journal, without which nothing is sent.",
            "WorkFolder in the connection string names one."),
        Workspace = source.PairWith("writes"),
        Statement = "",
        Source = "",
        Target = "",
        Verify = settings.Verify,
        VerifyPatience = settings.VerifyWait,
    };

    private static SourceAddress? OfAddress(SluiceConnectionStringBuilder settings, ValidationErrors mistakes)
    {
        if (settings.Given(ConnectionKey.ApiKey) is not null && settings.Given(ConnectionKey.KeyEnv) is not null)
        {
            mistakes.Add("ApiKey and KeyEnv can't be given together.", "Leave out one of them.");
            return null;
        }

        var address = AddressOf(settings);
        if (address.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && !address.Contains("api_key=", StringComparison.Ordinal)
            && Variable(settings, KeyVariable) is null)
        {
            mistakes.Add(
                "There is no App API key.",
                $"Give ApiKey, or KeyEnv with the name of the environment variable that holds it; without either it is {KeyVariable}.");
            return null;
        }

        return SourceAddress.Read(address, name => Variable(settings, name), mistakes);
    }

    private static string AddressOf(SluiceConnectionStringBuilder settings)
    {
        var parameters = ConnectionKey.All
            .Where(key => key.Parameter is not null && settings.Given(key) is not null)
            .Select(key => $"{key.Parameter}={Uri.EscapeDataString(settings.Given(key)!)}");
        var address = settings.Given(ConnectionKey.Address) ?? Scheme;
        var rest = string.Join('&', parameters);
        return rest.Length == 0 ? address : $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{rest}";
    }

    private static string? Variable(SluiceConnectionStringBuilder settings, string name) =>
        Environment.GetEnvironmentVariable(name == KeyVariable ? settings.Given(ConnectionKey.KeyEnv) ?? name : name) is { Length: > 0 } value
            ? value
            : null;

    private static SourceAddress? OfFile(SluiceConnectionStringBuilder settings, ValidationErrors mistakes)
    {
        var others = ConnectionKey.All
            .Where(key => key.Parameter is not null || key == ConnectionKey.Address || key == ConnectionKey.KeyEnv)
            .Where(key => settings.Given(key) is not null)
            .Select(key => key.Name)
            .ToList();
        if (others.Count > 0)
        {
            mistakes.Add($"Workspace can't be given together with {string.Join(", ", others)}.", "The pipeline file says how it is reached.");
            return null;
        }

        var name = settings.Given(ConnectionKey.File) ?? PipelineReader.FileName;
        if (!File.Exists(name))
        {
            mistakes.Add($"There is no pipeline file {name}.", "File in the connection string names another one.");
            return null;
        }

        var around = new PipelineContext { Variables = Environment.GetEnvironmentVariable, DestinationIdentity = uri => uri, MayBeUnset = true };
        return new PipelineReader(around).ReadFile(name, name).FindWorkspace(settings.Workspace, name, mistakes);
    }

    // Of the user's own, because the current folder of a service or of a program with windows can be any.
    private static string? WorkFolder(SluiceConnectionStringBuilder settings)
    {
        var own = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return settings.Given(ConnectionKey.WorkFolder)
            ?? (Environment.GetEnvironmentVariable("SLUICE_HOME") is { Length: > 0 } home ? home
                : own.Length > 0 ? Path.Combine(own, "sluice")
                : null);
    }
}
