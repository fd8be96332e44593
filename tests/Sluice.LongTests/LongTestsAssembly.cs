using Sluice.ServerTests.Servers;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: AssemblyFixture(typeof(MariaDbServer))]
[assembly: AssemblyFixture(typeof(ChdbServer))]
[assembly: AssemblyFixture(typeof(S3Server))]
[assembly: AssemblyFixture(typeof(AzuriteServer))]
