using MySqlConnector;
using Sluice.Destinations.MySql;
using Sluice.Engine;
using Xunit;

namespace Sluice.Tests.Destinations;

public sealed class MySqlAddressTests
{
    [Fact]
    public void An_address_has_its_parts_and_shows_no_password()
    {
        var address = MySqlAddress.Parse("mariadb://load%40er:p%3Ass%2F%23@DB.example.com:3307/ware%20house?sslmode=verify-full&connect_timeout=5");
        var to = address.Connection;
        Assert.Equal(("load@er", "p:ss/#", "DB.example.com", 3307u, "ware house"), (to.UserID, to.Password, to.Server, to.Port, to.Database));
        Assert.Equal((MySqlSslMode.VerifyFull, 5u, false), (to.SslMode, to.ConnectionTimeout, to.AllowLoadLocalInfile));
        Assert.Equal("mysql://load%40er@db.example.com:3307/ware house", address.ToString());
        Assert.Equal("mysql://db.example.com:3307/ware house", address.Identity);
    }

    [Theory]
    [InlineData("mysql://h/d", "mysql://h:3306/d")]
    [InlineData("mysql://u@[::1]/d", "mysql://[::1]:3306/d")]
    [InlineData("mysql://h", "mysql://h:3306/")]
    public void What_is_left_out_is_usual(string uri, string identity) => Assert.Equal(identity, MySqlAddress.Parse(uri).Identity);

    [Theory]
    [InlineData("mysql://h:0/d", "no number from 1 to 65535: 0")]
    [InlineData("mysql://u:p/w@h/d", "Write / as %2F")]
    [InlineData("mysql://h/d?sslkei=1", "Did you mean sslkey")]
    [InlineData("mysql://h/d?sslmode=on", "sslmode is one of disable, prefer, require")]
    [InlineData("mysql://h/d?connect_timeout=soon", "connect_timeout")]
    public void What_is_wrong_is_told(string uri, string words)
    {
        var error = Assert.Throws<SluiceException>(() => MySqlAddress.Parse(uri));
        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains(words, $"{error.Message} {error.Hint}", StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_of_the_client_has_user_and_password_in_its_section()
    {
        var options = ClientOptions.Parse(
        [
            "[mysqld]", "password=no", "# a comment", "[client]", "user = loader", "password='se=cret#'", "port=3307", "host = \"db\"", "[mysql]",
            "user=x",
        ]);
        Assert.Equal(("loader", "se=cret#", "3307", "db"), (options.User, options.Password, options.Port, options.Host));
    }

    [Theory]
    [InlineData("crm", "people", "`w`.`crm___people`")]
    [InlineData("customerio", "people", "`w`.`people`")]
    [InlineData("crm", "a`b", "`w`.`crm___a``b`")]
    public void With_a_database_a_schema_stands_before_the_name(string schema, string table, string name) =>
        Assert.Equal(name, new MySqlNames("w").Table(schema, table));

    [Fact]
    public void Without_a_database_each_schema_is_one() => Assert.Equal("`crm`.`people`", new MySqlNames(null).Table("crm", "people"));

    [Theory]
    [InlineData("crm_", "x")]
    [InlineData("customerio", "crm___x")]
    [InlineData("crm", "emoji 🜍")]
    [InlineData("crm", "ends with a blank ")]
    public void A_name_that_MySQL_does_not_take_or_that_could_mean_two_tables_is_refused(string schema, string table) =>
        Assert.Equal(SluiceErrorKind.Config, new MySqlNames("w").Refuses(schema, table)?.Kind);
}
