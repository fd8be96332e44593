using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Sluice.Writes.Import;

namespace Sluice.Data;

/// <summary>
/// Makes and reads connection strings. The workspace is an address, or a key with what belongs to it, or a name in <c>sluice.yaml</c>; what is not
/// given comes from the environment variables of <c>sluice</c>.
/// </summary>
public sealed class SluiceConnectionStringBuilder : DbConnectionStringBuilder
{
    /// <summary>Makes an empty one.</summary>
    public SluiceConnectionStringBuilder()
    {
    }

    /// <summary>Reads a connection string.</summary>
    /// <exception cref="ArgumentException">It has a key or value that is wrong.</exception>
    public SluiceConnectionStringBuilder(string? connectionString) => ConnectionString = connectionString ?? "";

    /// <summary>A source address, as <c>sluice query</c> takes it: <c>customerio://?api_key=KEY&amp;region=us</c>.</summary>
    [AllowNull]
    public string Address { get => Text(ConnectionKey.Address); set => this[ConnectionKey.Address.Name] = value; }

    /// <summary>The App API key.</summary>
    [AllowNull]
    public string ApiKey { get => Text(ConnectionKey.ApiKey); set => this[ConnectionKey.ApiKey.Name] = value; }

    /// <summary>The environment variable that holds the App API key; CUSTOMERIO_APP_API_KEY when there is no key either.</summary>
    [AllowNull]
    public string KeyEnv { get => Text(ConnectionKey.KeyEnv); set => this[ConnectionKey.KeyEnv.Name] = value; }

    /// <summary>The account's region, us or eu.</summary>
    [AllowNull]
    public string Region { get => Text(ConnectionKey.Region); set => this[ConnectionKey.Region.Name] = value; }

    /// <summary>The site id of the Track API.</summary>
    [AllowNull]
    public string SiteId { get => Text(ConnectionKey.SiteId); set => this[ConnectionKey.SiteId.Name] = value; }

    /// <summary>The key of the Track API.</summary>
    [AllowNull]
    public string TrackKey { get => Text(ConnectionKey.TrackKey); set => this[ConnectionKey.TrackKey.Name] = value; }

    /// <summary>Another address of the App API, such as that of <c>sluice simulate</c>.</summary>
    [AllowNull]
    public string BaseUrl { get => Text(ConnectionKey.BaseUrl); set => this[ConnectionKey.BaseUrl.Name] = value; }

    /// <summary>Another address of the Track API.</summary>
    [AllowNull]
    public string TrackBaseUrl { get => Text(ConnectionKey.TrackBaseUrl); set => this[ConnectionKey.TrackBaseUrl.Name] = value; }

    /// <summary>Whether the other addresses may be http of another machine, where the key can be read on the way.</summary>
    public bool AllowHttp { get => (bool)this[ConnectionKey.AllowHttp.Name]; set => this[ConnectionKey.AllowHttp.Name] = value; }

    /// <summary>Requests a second, 10 by default, which is all that Customer.io allows.</summary>
    [AllowNull]
    public string Rate { get => Text(ConnectionKey.Rate); set => this[ConnectionKey.Rate.Name] = value; }

    /// <summary>A workspace of a pipeline file, instead of an address or a key.</summary>
    [AllowNull]
    public string Workspace { get => Text(ConnectionKey.Workspace); set => this[ConnectionKey.Workspace.Name] = value; }

    /// <summary>The pipeline file, sluice.yaml of the current folder by default.</summary>
    [AllowNull]
    public string File { get => Text(ConnectionKey.File); set => this[ConnectionKey.File.Name] = value; }

    /// <summary>How long rows that were fetched serve later queries, 5 minutes by default; zero keeps none.</summary>
    public TimeSpan CacheTtl { get => (TimeSpan)this[ConnectionKey.CacheTtl.Name]; set => this[ConnectionKey.CacheTtl.Name] = value; }

    /// <summary>Whether queries ask anew, whatever earlier ones have fetched.</summary>
    public bool Fresh { get => (bool)this[ConnectionKey.Fresh.Name]; set => this[ConnectionKey.Fresh.Name] = value; }

    /// <summary>Where journals and rows for later queries are kept: SLUICE_HOME by default, else a folder of the user's own.</summary>
    [AllowNull]
    public string WorkFolder { get => Text(ConnectionKey.WorkFolder); set => this[ConnectionKey.WorkFolder.Name] = value; }

    /// <summary>Requests that a query may take, 1,000 by default; one that needs more stops before it spends them.</summary>
    public int MaxRequests { get => (int)this[ConnectionKey.MaxRequests.Name]; set => this[ConnectionKey.MaxRequests.Name] = value; }

    /// <summary>Rows that a statement may change, 100 by default; one that changes more needs their number as ConfirmWrites.</summary>
    public int MaxWrites { get => (int)this[ConnectionKey.MaxWrites.Name]; set => this[ConnectionKey.MaxWrites.Name] = value; }

    /// <summary>Whether a refusal, or a change of which nobody knows, does not stop the rest of a statement.</summary>
    public bool ContinueAfterRefusal
    {
        get => (bool)this[ConnectionKey.ContinueAfterRefusal.Name];
        set => this[ConnectionKey.ContinueAfterRefusal.Name] = value;
    }

    /// <summary>How many of the rows that Customer.io has queued are read back, a sample by default.</summary>
    public VerifyMode Verify { get => (VerifyMode)this[ConnectionKey.Verify.Name]; set => this[ConnectionKey.Verify.Name] = value; }

    /// <summary>How long Customer.io's queue is waited for when a change is not there yet, a minute by default.</summary>
    public TimeSpan VerifyWait { get => (TimeSpan)this[ConnectionKey.VerifyWait.Name]; set => this[ConnectionKey.VerifyWait.Name] = value; }

    /// <summary>Whether statements that would change something are refused.</summary>
    public bool ReadOnly { get => (bool)this[ConnectionKey.ReadOnly.Name]; set => this[ConnectionKey.ReadOnly.Name] = value; }

    /// <summary>Seconds that a command may take, 0 for any number of them.</summary>
    public int Timeout { get => (int)this[ConnectionKey.Timeout.Name]; set => this[ConnectionKey.Timeout.Name] = value; }

    /// <summary>Whether an open connection still shows its keys.</summary>
    public bool PersistSecurityInfo
    {
        get => (bool)this[ConnectionKey.PersistSecurityInfo.Name];
        set => this[ConnectionKey.PersistSecurityInfo.Name] = value;
    }

    /// <summary>A value by its key; one that is not given has its default.</summary>
    /// <exception cref="ArgumentException">There is no such key, or it does not take this value.</exception>
    [AllowNull]
    public override object this[string keyword]
    {
        get
        {
            var key = ConnectionKey.Of(keyword);
            return Given(key) is { } text ? key.ValueOf(text) : key.Default ?? "";
        }

        set
        {
            var key = ConnectionKey.Of(keyword);
            var text = Convert.ToString(value, CultureInfo.InvariantCulture);
            if (string.IsNullOrEmpty(text))
            {
                base.Remove(key.Name);
                return;
            }

            key.ValueOf(text);
            base[key.Name] = text;
        }
    }

    /// <inheritdoc/>
    public override bool ContainsKey(string keyword) => ConnectionKey.Find(keyword) is { } key && base.ContainsKey(key.Name);

    /// <inheritdoc/>
    public override bool ShouldSerialize(string keyword) => ContainsKey(keyword);

    /// <inheritdoc/>
    public override bool Remove(string keyword) => ConnectionKey.Find(keyword) is { } key && base.Remove(key.Name);

    /// <inheritdoc/>
    public override bool TryGetValue(string keyword, [NotNullWhen(true)] out object? value)
    {
        value = ConnectionKey.Find(keyword) is { } key ? this[key.Name] : null;
        return value is not null;
    }

    /// <summary>The text of a key; null when it is not given.</summary>
    internal string? Given(ConnectionKey key) => base.TryGetValue(key.Name, out var value) ? (string)value : null;

    /// <summary>The connection string without what must stay secret.</summary>
    internal string WithoutSecrets()
    {
        var copy = new SluiceConnectionStringBuilder(ConnectionString);
        foreach (var key in ConnectionKey.All.Where(key => key.IsSecret))
        {
            copy.Remove(key.Name);
        }

        return copy.ConnectionString;
    }

    private string Text(ConnectionKey key) => Given(key) ?? "";
}
