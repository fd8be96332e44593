using System.Data.Common;
using Microsoft.Data.Sqlite;
using Sluice.Destinations.Merge;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Xunit;

namespace Sluice.Tests.Destinations;

public sealed class RelationalDestinationTests
{
    private static readonly LoadTarget Target = new()
    {
        Schema = "crm",
        Table = "things",
        Strategy = Strategy.Replace,
        PrimaryKey = ["id"],
        StageFolder = "",
        RunId = "run",
        LoadId = "load",
        LoadedAt = DateTimeOffset.UnixEpoch,
    };

    [Fact]
    public async Task A_reading_that_is_stopped_closes_its_session()
    {
        var database = new StoppedDatabase();
        await using var destination = new StoppedDestination(database);

        await Assert.ThrowsAsync<OperationCanceledException>(() => destination.ReadTableAsync("crm", "things", [], default));

        Assert.Equal((1, 1), (database.Opened, database.Closed));
    }

    [Fact]
    public async Task System_tables_whose_making_was_stopped_are_made_by_the_next_table()
    {
        var database = new StoppedDatabase();
        await using var destination = new StoppedDestination(database);

        await Assert.ThrowsAsync<OperationCanceledException>(() => destination.OpenWriterAsync(Target, default));
        await Assert.ThrowsAsync<OperationCanceledException>(() => destination.OpenWriterAsync(Target with { Table = "others" }, default));

        Assert.Equal((2, 2), (database.Opened, database.Closed));
    }

    private sealed class StoppedDestination(RelationalDatabase database) : RelationalDestination(database)
    {
        public override string Name => "stopped";

        public override Task<string> CheckAsync(CancellationToken cancel) => throw Stopped();
    }

    private sealed class StoppedDatabase : RelationalDatabase
    {
        static StoppedDatabase() => SQLitePCL.Batteries_V2.Init();

        public int Opened { get; private set; }

        public int Closed { get; private set; }

        public override SqlDialect Dialect { get; } = new StoppedDialect();

        public override async Task<DbSession> OpenAsync(CancellationToken cancel)
        {
            var connection = new SqliteConnection("Data Source=:memory:");
            await connection.OpenAsync(cancel);
            Opened++;
            return new DbSession(connection, Dialect, new Closing(() => Closed++));
        }

        public override SluiceException Explain(string doing, DbException error) => new(SluiceErrorKind.Destination, doing, null, error);
    }

    private sealed class Closing(Action close) : IDisposable
    {
        public void Dispose() => close();
    }

    // Whatever it is asked, it is stopped meanwhile.
    private sealed class StoppedDialect : SqlDialect
    {
        public override string Type(ColumnType type, bool isKey = false) => throw Stopped();

        public override Task<IReadOnlySet<string>> TablesAsync(DbSession session, string schema, CancellationToken cancel) => throw Stopped();

        public override Task CreateSchemaAsync(DbSession session, string schema, CancellationToken cancel) => throw Stopped();

        public override Task<OrderedDictionary<string, ColumnType>> ColumnsAsync(
            DbSession session,
            string schema,
            string table,
            CancellationToken cancel
        ) => throw Stopped();

        public override Task LockAsync(DbSession session, string schema, string table, CancellationToken cancel) => throw Stopped();

        public override Task WidenAsync(DbSession session, string schema, string table, IReadOnlyList<Widening> columns, CancellationToken cancel) =>
            throw Stopped();

        public override Task<bool> MustStayAsync(DbSession session, string schema, string table, CancellationToken cancel) => throw Stopped();
    }

    private static OperationCanceledException Stopped() => new("It was stopped.");
}
