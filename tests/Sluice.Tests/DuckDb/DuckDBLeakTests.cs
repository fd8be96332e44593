using Sluice.DuckDb;
using Xunit;

namespace Sluice.Tests.DuckDb;

[Collection(AloneCollection.Name)]
public sealed class DuckDBLeakTests
{
    [Fact]
    public void Ten_thousand_commands_do_not_leak()
    {
        using var connection = Database.InMemory("threads=1");
        connection.Execute("CREATE TABLE t (n INTEGER, s VARCHAR)");
        Burst(2_000);
        var before = Environment.WorkingSet;

        Burst(10_000);

        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 30L << 20);

        void Burst(int count)
        {
            for (var i = 0; i < count; i++)
            {
                Assert.Equal(i, connection.Scalar("SELECT $n + 0 FROM (SELECT 'some longer text than inline ' || $n)", new DuckDBParameter("n", i)));
                if (i % 10 == 0)
                    Assert.Throws<DuckDBException>(() => connection.Execute("SELECT missing"));
            }
        }
    }
}
