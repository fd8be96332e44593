using Sluice.ServerTests.Servers;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresServer))]
