using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Engine.Catalog;
using Xunit;

namespace Sluice.Tests.Catalog;

public sealed partial class ResourceCatalogTests
{
    private static ResourceCatalog Catalog => ResourceCatalog.Default;

    public static TheoryData<string> Names => [.. Catalog.Resources.Select(resource => resource.Name)];

    [Fact]
    public void It_holds_the_promised_tables_with_their_keys_cursors_and_strategies()
    {
        var promised = SeedTables.All.Concat(AddedTables.All).OrderBy(table => table.Name, StringComparer.Ordinal).ToList();
        var held = Catalog.Resources
            .Select(resource => (
                Name: resource.TakesPeriod ? resource.Name + ":period" : resource.Name,
                Key: string.Join(", ", resource.PrimaryKey),
                Cursor: resource.CursorColumn,
                Strategy: resource.DefaultStrategy))
            .Where(table => promised.Any(one => one.Name == table.Name))
            .OrderBy(table => table.Name, StringComparer.Ordinal);
        Assert.Equal(promised, held);
    }

    [Fact]
    public void Every_period_of_a_resource_of_metrics_is_a_table()
    {
        Assert.Equal(Catalog.Resources.Sum(resource => resource.TakesPeriod ? 4 : 1), Catalog.Tables.Count);
        Assert.Equal(Catalog.Tables.Count, Catalog.Tables.Select(table => table.TableIdentifier).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Contains("campaign_metrics_days", Catalog.Tables.Select(table => table.TableIdentifier));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_resource_and_column_is_documented(string name)
    {
        var resource = Catalog.Find(name)!;
        Assert.EndsWith(".", resource.Doc, StringComparison.Ordinal);
        Assert.StartsWith("https://docs.customer.io/integrations/api/app/", resource.DocsUrl, StringComparison.Ordinal);
        Assert.All(resource.Notes, note => Assert.EndsWith(".", note, StringComparison.Ordinal));
        Assert.All(resource.Columns, column => Assert.Matches(@"^[A-Z0-9a-z][^\n]{7,}\.$", column.Doc));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_two_columns_differ_only_by_case(string name)
    {
        var columns = Catalog.Find(name)!.Columns.Select(column => column.Name).ToList();
        Assert.NotEmpty(columns);
        Assert.Equal(columns.Count, columns.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.DoesNotContain(columns, column => column.StartsWith('_'));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_column_that_a_rule_names_exists(string name)
    {
        var resource = Catalog.Find(name)!;
        var columns = resource.Columns.Select(column => column.Name).ToHashSet();
        IEnumerable<string?> named =
        [
            .. resource.PrimaryKey,
            .. resource.Redactions.Select(redaction => redaction.Column),
            .. resource.Parent?.Columns.Keys ?? [],
            resource.CursorColumn,
            resource.Window?.Column,
            resource.ScalarName,
            .. resource.HashableKeys,
            resource.RowIndex,
            resource.Unpivot?.Name,
            resource.Unpivot?.Value,
            .. resource.Variants.SelectMany(variant => variant.Columns.Keys),
            .. resource.Options.Select(option => option.Column),
        ];
        Assert.All(named.OfType<string>(), column => Assert.Contains(column, columns));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_parent_exists_and_has_the_columns_that_are_taken_from_it(string name)
    {
        var resource = Catalog.Find(name)!;
        if (resource.Parent is { } binding)
        {
            var parent = Catalog.Find(binding.Resource);
            Assert.NotNull(parent);
            var columns = parent.Columns.Select(column => column.Name).ToHashSet();
            IEnumerable<string?> named = [.. binding.Route.Values, .. binding.Columns.Values, resource.Window?.NotBefore, resource.Count?.Column];
            Assert.All(named.OfType<string>(), column => Assert.Contains(column, columns));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_parameter_of_a_request_comes_from_the_parent_and_none_is_left_over(string name)
    {
        var resource = Catalog.Find(name)!;
        var requests = string.Join('\n', [resource.Path, resource.Count?.Path, resource.Body, .. resource.Variants.Select(variant => variant.Body)]);
        var parameters = Parameter().Matches(requests).Select(match => match.Groups["name"].Value).ToHashSet();
        if (resource.Batch is { } batch)
        {
            parameters.Add(batch.Key);
        }

        Assert.Equal(
            parameters.Order(),
            (resource.Parent?.Route.Keys ?? []).Concat(resource.Variants.SelectMany(variant => variant.Route.Keys).Distinct()).Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Bodies_are_json_objects_and_only_posts_have_them(string name)
    {
        var resource = Catalog.Find(name)!;
        var bodies = resource.Variants.Select(variant => variant.Body).Append(resource.Body).OfType<string>().ToList();
        Assert.All(bodies, body => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(body).RootElement.ValueKind));
        Assert.Equal(resource.Method == "POST", bodies.Count > 0 || resource.Batch is not null);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_way_of_reading_has_what_it_needs(string name)
    {
        var resource = Catalog.Find(name)!;
        Assert.StartsWith("/v1/", resource.Path, StringComparison.Ordinal);
        Assert.Equal(
            resource.Reading is ReadingKind.Windows || resource.ExportParents.Count > 0, resource.Window is not null && resource.Parent is null);
        Assert.Equal(resource.Reading is ReadingKind.Metrics, resource.TakesPeriod);
        Assert.Equal(resource.Reading is ReadingKind.Hydrate, resource.Batch is not null);
        Assert.Equal(
            resource.Reading is ReadingKind.List or ReadingKind.Windows or ReadingKind.People or ReadingKind.Export, resource.Parent is null);
        Assert.Equal(resource.CursorFilter is CursorFilter.Client, resource.CursorColumn is not null);
        Assert.Equal(resource.CursorFilter is CursorFilter.Server, resource.Window is not null);
        Assert.Equal(resource.PageSize, resource.MaxPageSize);
    }

    [Theory]
    [InlineData("customer_messages", "messages")]
    [InlineData("customer_activities", "activities")]
    public void Tables_that_share_pages_ask_the_same_question_and_read_the_same_columns(string name, string shared)
    {
        var (resource, source) = (Catalog.Find(name)!, Catalog.Find(shared)!);
        Assert.Equal(shared, resource.SharedWith);
        Assert.Equal(source.Columns, resource.Columns);
        Assert.Equal((source.Path, source.PageSize), (resource.Path, resource.PageSize));
        Assert.Equal((source.Reading, source.Window), (resource.Reading, resource.Window));
        Assert.Equal(source.Query, resource.Query);
    }

    [Theory]
    [InlineData("messages")]
    [InlineData("customer_messages")]
    [InlineData("campaign_messages")]
    [InlineData("broadcast_messages")]
    [InlineData("activities")]
    [InlineData("customer_activities")]
    public void People_are_found_under_either_name_that_the_api_uses(string name)
    {
        var column = Catalog.Find(name)!.Columns.Single(column => column.Name == "cio_id");
        Assert.Equal(["customer_identifiers.cio_id", "identifiers.cio_id"], column.Sources);
        Assert.Equal(ColumnType.Text, column.Type);
    }

    [Fact]
    public void Every_person_related_table_has_a_cio_id() =>
        Assert.All(
            Catalog.Resources.Where(resource => resource.Name.StartsWith("customer", StringComparison.Ordinal)),
            resource => Assert.Contains("cio_id", resource.Columns.Select(column => column.Name)));

    [Fact]
    public void Object_types_have_one_type_wherever_they_are_joined() =>
        Assert.All(
            Catalog.Resources.SelectMany(resource => resource.Columns.Where(column =>
                column.Name == "object_type_id" || (resource.Name == "object_types" && column.Name == "id"))),
            column => Assert.Equal(ColumnType.Bigint, column.Type));

    [Fact]
    public void Times_are_never_left_as_integers() =>
        Assert.All(
            Catalog.Resources.SelectMany(resource => resource.Columns).Where(column =>
                column.Name is "timestamp" or "first_started" or "sent_at" or "created_at" or "updated_at" or "updated"),
            column => Assert.Equal(ColumnType.UnixTime, column.Type));

    [Fact]
    public void Campaign_days_start_where_the_days_of_the_other_metrics_start()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(Catalog.Find("campaign_metrics")!.Query["tz"]);
        Assert.Equal(MetricsCalendar.TimeZone, zone.Id);
        Assert.All(Enumerable.Range(1, 12), month =>
            Assert.Equal(MetricsCalendar.Offset, zone.GetUtcOffset(new DateTimeOffset(2026, month, 15, 12, 0, 0, TimeSpan.Zero))));
    }

    [Fact]
    public void Values_that_a_file_leaves_out_are_the_defaults()
    {
        var newsletters = Catalog.Find("newsletters")!;
        Assert.Equal("GET", newsletters.Method);
        Assert.Empty(newsletters.Query);
        Assert.Empty(newsletters.Variants);
        Assert.Empty(newsletters.Redactions);
        Assert.Equal("id", newsletters.Columns[0].Source);
        Assert.Equal(("start_ts", "end_ts"), (Catalog.Find("messages")!.Window!.StartParameter, Catalog.Find("messages")!.Window!.EndParameter));
    }

    [Theory]
    [InlineData("BroadcastActions", "broadcast_actions")]
    [InlineData("BroadcastMessages", "broadcast_messages")]
    [InlineData("Broadcasts", "broadcasts")]
    [InlineData("BroadcastTriggers", "broadcast_triggers")]
    [InlineData("CampaignActions", "campaign_actions")]
    [InlineData("Campaigns", "campaigns")]
    [InlineData("Collections", "collections")]
    [InlineData("CustomerActivities", "customer_activities")]
    [InlineData("CustomerMessages", "customer_messages")]
    [InlineData("Customers", "customers")]
    [InlineData("CustomersAttributes", "customer_attributes")]
    [InlineData("CustomerSegments", "customer_segments")]
    [InlineData("Exports", "exports")]
    [InlineData("Messages", "messages")]
    [InlineData("NewsletterMessages", "newsletter_messages")]
    [InlineData("Newsletters", "newsletters")]
    [InlineData("NewsletterVariants", "newsletter_contents")]
    [InlineData("ReportingWebhooks", "reporting_webhooks")]
    [InlineData("Segments", "segments")]
    [InlineData("Snippets", "snippets")]
    [InlineData("TransactionalMessageDeliveries", "transactional_deliveries")]
    [InlineData("TransactionalMessages", "transactional_messages")]
    public void Tables_are_found_by_the_names_of_other_products(string name, string found)
    {
        Assert.Equal(found, Catalog.Find(name)?.Name);
        Assert.Equal(found, TableName.Parse(name, Catalog).ToString());
    }

    [Fact]
    public void Tables_with_a_creation_date_only_say_so() =>
        Assert.All(
            new[] { "broadcast_messages", "broadcast_triggers", "customer_messages", "messages", "newsletter_messages", "transactional_deliveries" },
            name =>
                Assert.Contains(Catalog.Find(name)!.Notes, note => note.Contains("a creation date and no date of change", StringComparison.Ordinal)));

    // Options that are no part of a request, but decide which requests are made or what becomes of the answers.
    private static readonly string[] ReadByEngine =
    [
        "result",
        "event_tables",
        "via",
        "attributes",
        "segments",
        "deadline",
        "newsletter_id",
        "campaign_id",
        "action_id",
        "transactional_message_id",
        "start",
        "end",
    ];

    [Fact]
    public void Options_have_values_exactly_if_they_are_a_choice() =>
        Assert.All(
            Catalog.Resources.SelectMany(resource => resource.Options),
            option =>
            {
                Assert.Equal(option.Kind == OptionKind.Choice, option.Values.Count > 0);
                Assert.EndsWith(".", option.Doc, StringComparison.Ordinal);
                Assert.True(
                    ReadByEngine.Contains(option.Name)
                        || option.Kind == OptionKind.Steps
                        || option.Query is not null
                        || option.Body is not null
                        || option.Route is not null,
                    option.Name);
            });

    [Theory]
    [InlineData("CAMPAIGNS", "campaigns")]
    [InlineData("campaign", null)]
    public void A_name_is_found_in_any_case_but_not_by_a_part(string name, string? found) => Assert.Equal(found, Catalog.Find(name)?.Name);

    [Theory]
    [InlineData("campagins", "campaigns")]
    [InlineData("campaign", "campaigns")]
    [InlineData("topics", "subscription_topics")]
    [InlineData("customer-attributes", "customer_attributes")]
    [InlineData("webhooks", "reporting_webhooks")]
    public void The_nearest_name_is_what_was_probably_meant(string typed, string meant) => Assert.Equal(meant, Catalog.Nearest(typed, 3)[0]);

    [Theory]
    [InlineData("qqqqqqqqqq")]
    [InlineData("")]
    public void Nothing_is_near_to_nonsense(string typed) => Assert.Empty(Catalog.Nearest(typed, 3));

    [GeneratedRegex(@"\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
