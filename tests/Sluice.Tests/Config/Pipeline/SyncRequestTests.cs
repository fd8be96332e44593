using Sluice.Engine.Catalog;
using Sluice.Engine.Config;
using Sluice.Engine.Config.Pipeline;
using Xunit;

namespace Sluice.Tests.Config.Pipeline;

public sealed class SyncRequestTests
{
    [Fact]
    public void Tables_without_words_of_their_own_go_by_the_rules_of_the_request()
    {
        var request = Request("    workspaces: main\n    limit: 5\n    deletes: hard\n    tables: [campaigns, {segments: {limit: 7}}, {messages: {mode: full_refresh}}]");

        Assert.Equal(("pair", 5L, DeletePolicy.Hard), (request.PairId, request.Limit, request.Deletes));
        Assert.Null(request.Tables[0].Rules);
        Assert.Equal((7L, DeletePolicy.Hard, false), (request.Tables[1].Rules!.Limit, request.Tables[1].Rules!.Deletes, request.Tables[1].Rules!.FullRefresh));
        Assert.Equal((true, Strategy.Replace), (request.Tables[2].Rules!.FullRefresh, request.Tables[2].Strategy));
    }

    [Fact]
    public void A_mask_of_one_table_is_no_mask_of_others()
    {
        var request = Request("    workspaces: main\n    mask: name:redact\n    tables: [segments, {customers: {columns: {email: {mask: sha256}}}}]");

        Assert.Equal("name:redact", request.Masks.ToString());
        Assert.Equal("name:redact", request.RulesOf(request.Tables[0]).Masks.ToString());
        Assert.Equal("name:redact,email:sha256", request.RulesOf(request.Tables[1]).Masks.ToString());
    }

    [Fact]
    public void Full_refresh_of_a_sync_is_the_requests_own()
    {
        var request = Request("    workspaces: main\n    mode: full_refresh\n    tables: campaigns");

        Assert.True(request.FullRefresh);
        Assert.Equal((Strategy.Replace, null), (Assert.Single(request.Tables).Strategy, request.Tables[0].Rules));
    }

    private static IngestRequest Request(string keys)
    {
        var sync = PipelineBench.Sync(keys);
        var mistakes = new Mistakes();
        var request = SyncRequest.Read(sync, Assert.Single(sync.Sets), "pair", ResourceCatalog.Default, mistakes);
        mistakes.ThrowIfAny();
        return request;
    }
}
