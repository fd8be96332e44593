using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Settings;

namespace Sluice.Server.Checks;

/// <summary>Tells whether a workspace and a destination can be used, without writing anything: for commands and pages alike.</summary>
public static class ConnectionCheck
{
    /// <summary>The options of a client that says within seconds that an address is wrong, not after the retries of a run.</summary>
    public static CustomerIoOptions Hasty(SourceAddress source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Client with { MaxAttempts = 2, AttemptTimeout = TimeSpan.FromSeconds(10), MaxRetryTime = TimeSpan.FromSeconds(10) };
    }

    /// <summary>Asks who the key is of; one failure hides no other.</summary>
    /// <param name="source">The workspace.</param>
    /// <param name="open">Opens a client.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<IReadOnlyList<Finding>> OfWorkspaceAsync(
        SourceAddress source, Func<CustomerIoOptions, CustomerIoClient> open, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(open);
        var findings = new List<Finding>();
        await AskAsync(findings, "source", async () =>
        {
            using var client = open(Hasty(source));
            var account = await AccountInfo.ReadAsync(client, cancel);
            findings.Add(AccountFindings.OfKey(source));
            if (source.HasTrack)
            {
                await AskAsync(findings, "track", async () =>
                {
                    account = await account.WithTrackAsync(client, cancel);
                    findings.Add(AccountFindings.OfTrack(account, source));
                });
            }

            findings.AddRange(AccountFindings.OfWorkspaces(account));
        });
        return findings;
    }

    /// <summary>Opens a destination and asks whether it could be written to.</summary>
    public static async Task<IReadOnlyList<Finding>> OfDestinationAsync(string uri, CancellationToken cancel)
    {
        var findings = new List<Finding>();
        await AskAsync(findings, "destination", async () =>
        {
            // Opening would create the file, and a check leaves nothing behind.
            var isNew = DestinationFile.IsMissing(uri);
            await using (var destination = await DestinationRegistry.OpenAsync(uri, cancel))
            {
                findings.Add(new Finding(
                    "destination", $"{destination.Name}: {await destination.CheckAsync(cancel)}{(isNew ? ", not there yet" : "")}"));
            }

            if (isNew)
            {
                DestinationFile.Remove(uri);
            }
        });
        return findings;
    }

    private static async Task AskAsync(List<Finding> findings, string about, Func<Task> look)
    {
        try
        {
            await look();
        }
        catch (SluiceException error)
        {
            findings.Add(new Finding(about, error.Message) { Error = error });
        }
        catch (CustomerIoException error)
        {
            findings.Add(new Finding(about, error.Message) { Error = SluiceException.From(error) });
        }
    }
}
