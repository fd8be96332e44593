using Npgsql;
using Sluice.Destinations.Postgres;
using Sluice.Engine;
using Xunit;

namespace Sluice.ServerTests.Destinations;

public sealed class PostgresAddressTests
{
    [Fact]
    public void All_parts_of_an_address_are_read_and_decoded()
    {
        var address = PostgresAddress.Parse(
            "postgresql://load%40er:p%40ss%2Fw%3Ard%3F@db.example.com:6432/ware%20house?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem&connect_timeout=7&options=-c%20lock_timeout%3D5s"
        );

        var connection = address.Connection;
        Assert.Equal(
            ("load@er", "p@ss/w:rd?", "db.example.com", 6432, "ware house"),
            (connection.Username, connection.Password, connection.Host, connection.Port, connection.Database));
        Assert.Equal(
            (SslMode.VerifyFull, "/etc/ca.pem", 7, "-c lock_timeout=5s"),
            (connection.SslMode, connection.RootCertificate, connection.Timeout, connection.Options));
        Assert.Equal("sluice", connection.ApplicationName);
    }

    [Theory]
    [InlineData("postgresql://u:secret@h/db", "postgresql://u@h:5432/db", "postgresql://h:5432/db")]
    [InlineData("postgres://u:secret@H:1/db", "postgresql://u@h:1/db", "postgresql://h:1/db")]
    [InlineData("postgresql://u:secret@a:1,b:2/db?target_session_attrs=read-write", "postgresql://u@a:1,b:2/db", "postgresql://a:1,b:2/db")]
    [InlineData(
        "postgresql://u@/db?host=%2Fvar%2Frun%2Fpostgresql&password=secret",
        "postgresql://u@/var/run/postgresql:5432/db",
        "postgresql:///var/run/postgresql:5432/db"
    )]
    [InlineData("postgresql://u:secret@[::1]:5433/db", "postgresql://u@[::1]:5433/db", "postgresql://[::1]:5433/db")]
    public void An_address_is_shown_without_its_password_and_is_the_same_for_every_user(string uri, string shown, string identity)
    {
        var address = PostgresAddress.Parse(uri);

        Assert.Equal((shown, identity), (address.ToString(), address.Identity));
    }

    [Theory]
    [InlineData("postgresql://u@h/db?sslmod=require", "sslmod")]
    [InlineData("postgresql://u@h/db?sslmode=perhaps", "sslmode")]
    [InlineData("postgresql://u@h/db?connect_timeout=soon", "connect_timeout")]
    [InlineData("postgresql://u@h:port/db", "port")]
    [InlineData("postgresql://u@h:70000/db", "70000")]
    [InlineData("postgresql://u:secret/word@h/db", "before @")]
    [InlineData("postgresql://u:secret?word@h/db", "before @")]
    public void A_wrong_address_is_told_with_an_example(string uri, string named)
    {
        var error = Assert.Throws<SluiceException>(() => PostgresAddress.Parse(uri));

        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Hint!);
        Assert.DoesNotContain("secret", error.Message + error.Hint, StringComparison.Ordinal);
    }
}
