using Sluice.ServerTests.Servers;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: AssemblyFixture(typeof(ClickHouseServer))]
[assembly: AssemblyFixture(typeof(ChdbServer))]
