using DuckDB.NET.Data;
using Sluice.Destinations;
using Sluice.Engine.Load;
using Sluice.Tests.DuckDb;
using Xunit;

namespace Sluice.Tests.Destinations.Models;

/// <summary>A DuckDB file with tables that a test makes by hand, and the models of them.</summary>
internal sealed class ModelBench : IDisposable
{
    /// <summary>The columns of messages, without those that no model reads.</summary>
    public const string Messages = """
        CREATE TABLE customerio.messages (
            id VARCHAR, type VARCHAR, customer_id VARCHAR, cio_id VARCHAR, recipient VARCHAR, subject VARCHAR, created TIMESTAMPTZ, metrics JSON,
            failure_message VARCHAR, campaign_id BIGINT, action_id BIGINT, parent_action_id BIGINT, broadcast_id BIGINT, newsletter_id BIGINT,
            content_id BIGINT, _sluice_loaded_at TIMESTAMPTZ);
        """;

    public const string Campaigns = """
        CREATE TABLE customerio.campaigns (
            id BIGINT, name VARCHAR, type VARCHAR, state VARCHAR, created TIMESTAMPTZ, first_started TIMESTAMPTZ, actions JSON,
            _sluice_loaded_at TIMESTAMPTZ, _sluice_deleted_at TIMESTAMPTZ);
        """;

    public const string People = """
        CREATE TABLE customerio.customers (cio_id VARCHAR, id VARCHAR, email VARCHAR, _sluice_deleted_at TIMESTAMPTZ);
        CREATE TABLE customerio.customer_attributes (
            customer_id VARCHAR, cio_id VARCHAR, id VARCHAR, email VARCHAR, unsubscribed BOOLEAN, attributes JSON, _sluice_deleted_at TIMESTAMPTZ);
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-models-").FullName;

    public ModelBench(params IEnumerable<string> statements) => Execute(["CREATE SCHEMA customerio", .. statements]);

    private string File => Path.Combine(_folder, "crm.duckdb");

    public string Uri => $"duckdb:///{File}";

    public async Task<IReadOnlyList<ModelReport>> MakeAsync(bool isDryRun = false)
    {
        await using var destination = await DestinationRegistry.OpenAsync(Uri, TestContext.Current.CancellationToken);
        return await destination.Models("customerio")!.MakeAsync(isDryRun, TestContext.Current.CancellationToken);
    }

    public async Task<IReadOnlyList<string>> DropAsync()
    {
        await using var destination = await DestinationRegistry.OpenAsync(Uri, TestContext.Current.CancellationToken);
        return await destination.Models("customerio")!.DropAsync(TestContext.Current.CancellationToken);
    }

    public void Execute(params IEnumerable<string> statements)
    {
        using var connection = Open();
        foreach (var statement in statements)
        {
            connection.Execute(statement);
        }
    }

    /// <summary>A delivery's row, sent on 2026-03-01 at noon unless its metrics say otherwise.</summary>
    public static string Delivery(
        string id, string metrics, string sender = "campaign_id", string person = "p1", string loaded = "2026-03-02") => $$"""
        INSERT INTO customerio.messages (
            id, type, customer_id, cio_id, recipient, created, metrics, {{sender}}, _sluice_loaded_at)
        VALUES ('{{id}}', 'email', 'id-{{person}}', '{{person}}', '{{person}}@Example.com', TIMESTAMPTZ '2026-03-01 11:59:00+00', '{{metrics}}',
            {{(sender == "failure_message" ? "NULL" : "7")}}, TIMESTAMPTZ '{{loaded}}')
        """;

    /// <summary>The rows of a query, their values as text with bars between them.</summary>
    public List<string> Lines(string sql)
    {
        using var connection = Open();
        connection.Execute("SET TimeZone = 'America/New_York'");
        return [.. connection.Rows(sql).Select(row => string.Join('|', row.Select(Text)))];
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private DuckDBConnection Open() => Database.File(File);

    private static string Text(object? value) => value switch
    {
        null or DBNull => "NULL",
        DateTimeOffset time => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
    };
}
