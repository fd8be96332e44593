using System.Data;
using Sluice.Sql;
using Sluice.Writes.Operations;
using Xunit;

namespace Sluice.Tests.Data;

public sealed class SchemaCollectionsTests(DataWorld world) : IClassFixture<DataWorld>
{
    [Fact]
    public void Every_collection_that_is_listed_can_be_got_for_no_request()
    {
        using var connection = world.Open();
        var requests = 0;
        connection.RequestSent += (_, _) => Interlocked.Increment(ref requests);
        var collections = connection.GetSchema();

        Assert.Equal("MetaDataCollections", collections.TableName);
        Assert.Equal(
            ["CollectionName", "NumberOfRestrictions", "NumberOfIdentifierParts"],
            collections.Columns.Cast<DataColumn>().Select(one => one.ColumnName));
        foreach (var name in Texts(collections, "CollectionName"))
        {
            var collection = connection.GetSchema(name);
            Assert.Equal(name, collection.TableName);
            Assert.NotEmpty(collection.Rows);
        }

        Assert.Equal(0, requests);
    }

    [Fact]
    public void Tables_are_those_that_can_be_queried()
    {
        using var connection = world.Open();

        var names = Texts(connection.GetSchema("tables"), "TABLE_NAME");

        Assert.Equal(SqlSession.Tables.All.Select(table => table.Name).Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
        Assert.Equal(["campaigns"], Texts(connection.GetSchema("Tables", ["memory", "MAIN", "campaigns"]), "TABLE_NAME"));
        Assert.Empty(Texts(connection.GetSchema("Tables", [null, null, "campaigns", "VIEW"]), "TABLE_NAME"));
    }

    [Fact]
    public void Columns_come_in_their_order_with_what_they_push_down()
    {
        using var connection = world.Open();

        var columns = connection.GetSchema("Columns", [null, null, "messages"]);

        var messages = SqlSession.Tables.All.First(table => table.Name == "messages");
        Assert.Equal(messages.Columns.Select(column => column.Name), Texts(columns, "COLUMN_NAME"));
        Assert.Equal(Enumerable.Range(1, columns.Rows.Count), columns.Rows.Cast<DataRow>().Select(row => (int)(long)row["ORDINAL_POSITION"]));
        var created = Assert.Single(connection.GetSchema("Columns", [null, null, "messages", "created"]).Rows.Cast<DataRow>());
        Assert.Equal(("TIMESTAMPTZ", "ranges", false), (created["DATA_TYPE"], created["PUSHED_DOWN"], created["IS_KEY"]));
    }

    [Fact]
    public void Procedures_are_those_that_can_be_called_with_their_parameters_in_order()
    {
        using var connection = world.Open();

        Assert.Equal(
            ProcedureCatalog.All.Select(one => one.Name).Order(StringComparer.Ordinal),
            Texts(connection.GetSchema("Procedures"), "PROCEDURE_NAME").Order(StringComparer.Ordinal));
        Assert.Equal(
            ProcedureCatalog.Find("TrackEvent")!.Fields.Select(field => field.Name),
            Texts(connection.GetSchema("ProcedureParameters", [null, null, "trackevent"]), "PARAMETER_NAME"));
        Assert.Equal("insert, update", connection.GetSchema("Columns", [null, null, "snippets", "value"]).Rows[0]["WRITABLE"]);
    }

    [Fact]
    public void Restrictions_and_words_and_types_are_described()
    {
        using var connection = world.Open();

        var restrictions = connection.GetSchema("Restrictions");
        Assert.Equal(15, restrictions.Rows.Count);
        Assert.Contains("SELECT", Texts(connection.GetSchema("ReservedWords"), "ReservedWord"), StringComparer.OrdinalIgnoreCase);
        Assert.Contains("TIMESTAMP WITH TIME ZONE", Texts(connection.GetSchema("DataTypes"), "TypeName"));
        Assert.Equal("@{0}", connection.GetSchema("DataSourceInformation").Rows[0]["ParameterMarkerFormat"]);
    }

    [Fact]
    public void What_is_wrong_is_told()
    {
        using var connection = world.Open();
        var error = Assert.Throws<ArgumentException>(() => connection.GetSchema("Tabels"));
        Assert.Contains("Did you mean Tables", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => connection.GetSchema("DataTypes", ["x"]));
        connection.Close();
        Assert.Throws<InvalidOperationException>(() => connection.GetSchema());
    }

    private static List<string> Texts(DataTable table, string column) => [.. table.Rows.Cast<DataRow>().Select(row => (string)row[column])];
}
