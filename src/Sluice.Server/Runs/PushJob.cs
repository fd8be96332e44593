using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Settings.Pipelines;
using Sluice.Writes.Import;
using Sluice.Writes.Push;

namespace Sluice.Server.Runs;

/// <summary>A push of a pipeline as its run takes it, for the command and the server alike.</summary>
public static class PushJob
{
    /// <summary>Makes the settings of a push whose variables are all set, and collects its errors.</summary>
    /// <param name="push">The push.</param>
    /// <param name="folder">The folder that paths are relative to.</param>
    /// <param name="workFolder">The folder for journals and for what was pushed.</param>
    /// <param name="rejectsPath">The file for rows that are not taken.</param>
    /// <param name="mistakes">Takes what is wrong.</param>
    public static PushSettings SettingsOf(PipelinePush push, string folder, string workFolder, string rejectsPath, ValidationErrors mistakes)
    {
        ArgumentNullException.ThrowIfNull(push);
        ArgumentNullException.ThrowIfNull(mistakes);
        CheckKeys(push, mistakes);
        return new PushSettings
        {
            Name = push.Name,
            Mode = push.Mode is null ? null : Enum.Parse<PushMode>(push.Mode, ignoreCase: true),
            Key = push.Key,
            MaxDeletes = push.MaxDeletes ?? PushSettings.UsualMaxDeletes,
            Import = new ImportSettings
            {
                Source = push.File ?? "",

                // By a name of its own, so that no import goes on with its rows.
                Query = push.Query is null
                    ? null
                    : RowsOf(push.From!.Uri!, push.Query, $"from of the push {push.Name}", _ => $"push {push.Name}", mistakes),
                Target = push.Into,
                Maps = push.Maps,
                Constants = push.Constants,
                Types = push.Types,
                TimeFormat = push.TimeFormat,
                ClearsNulls = push.ClearsNulls,
                Folder = folder,
                WorkFolder = workFolder,
                RejectsPath = rejectsPath,
                Workspace = push.Workspace.Source!.Client.SiteId ?? push.Workspace.Name,
            },
        };
    }

    /// <summary>The rows of a query, or null when the address names no database that is there.</summary>
    /// <param name="address">The address.</param>
    /// <param name="sql">The query.</param>
    /// <param name="from">What names the address, in messages.</param>
    /// <param name="nameOf">Gives what the rows are known by, without a password in it.</param>
    /// <param name="mistakes">Takes what is wrong.</param>
    public static QueryRows? RowsOf(string address, string sql, string from, Func<string, string> nameOf, ValidationErrors mistakes) =>
        mistakes.Collect<QueryRows?>(
            () => DestinationFile.OtherKind(address) is { } other ? throw other
                : DestinationFile.IsMissing(address) ? throw new SluiceException(
                    SluiceErrorKind.Config, DestinationFile.Missing(address), $"{from} names a database that is there.")
                : new QueryRows(nameOf(address), sql, (read, cancel) => DestinationRegistry.QueryAsync(address, sql, read, cancel)),
            null);

    private static void CheckKeys(PipelinePush push, ValidationErrors mistakes)
    {
        if (push.Workspace.Source is { HasTrack: false } && !push.Into.StartsWith("collection:", StringComparison.Ordinal))
        {
            mistakes.Add(
                $"The workspace {push.Workspace.Name} has no Track API key, without which nothing can be sent.",
                "Add site_id: ${CUSTOMERIO_SITE_ID} and track_api_key: ${CUSTOMERIO_TRACK_API_KEY} to it; they are under Settings > API "
                    + "Credentials > Track API Keys.");
        }
    }
}
