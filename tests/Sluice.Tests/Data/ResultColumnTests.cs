using System.Data;
using System.Data.Common;
using Sluice.Data;
using Xunit;

namespace Sluice.Tests.Data;

public sealed class ResultColumnTests(DataWorld world) : IClassFixture<DataWorld>
{
    [Fact]
    public void Columns_tell_where_they_come_from()
    {
        using var connection = world.Open();
        using var command = new SluiceCommand(
            "SELECT a.id, c.name AS campaign, 1.50 AS price, a.campaign_id FROM campaign_actions a LEFT JOIN campaigns c ON c.id = a.campaign_id "
                + "WHERE a.campaign_id = 1",
            connection);
        using var reader = command.ExecuteReader(CommandBehavior.KeyInfo);
        var columns = reader.GetColumnSchema();

        Assert.Equal(["campaign_actions", "campaigns", null, "campaign_actions"], columns.Select(column => column.BaseTableName));
        Assert.Equal(["id", "name", null, "campaign_id"], columns.Select(column => column.BaseColumnName));
        Assert.Equal([false, true, false, false], columns.Select(column => column.IsAliased));
        Assert.Equal([false, false, true, false], columns.Select(column => column.IsExpression));
        Assert.Equal((3, 2), (columns[2].NumericPrecision, columns[2].NumericScale));
        Assert.Equal(typeof(decimal), columns[2].DataType);
        Assert.DoesNotContain(columns, column => column.IsKey == true);
        Assert.All(columns, column => Assert.True(column.IsReadOnly));
        var table = reader.GetSchemaTable()!;
        Assert.Equal(4, table.Rows.Count);
        Assert.Equal("campaigns", table.Rows[1][SchemaTableColumn.BaseTableName]);
        Assert.Equal(DBNull.Value, table.Rows[2][SchemaTableColumn.BaseTableName]);
        Assert.Equal(typeof(long), table.Rows[0][SchemaTableColumn.DataType]);
    }

    [Theory]
    [InlineData("SELECT id, name FROM campaigns WHERE id > 1 ORDER BY name LIMIT 3", true)]
    [InlineData("SELECT name, id AS campaign FROM campaigns", true)]
    [InlineData("SELECT name FROM campaigns", false)]
    [InlineData("SELECT id, unnest([1, 2]) FROM campaigns", false)]
    [InlineData("SELECT c.id FROM campaigns c, range(2)", false)]
    [InlineData("SELECT id FROM campaigns UNION ALL SELECT id FROM campaigns", false)]
    [InlineData("SELECT id, count(*) FROM campaigns GROUP BY id", false)]
    public void A_key_is_told_where_it_tells_rows_apart_and_is_wanted(string sql, bool hasKey)
    {
        using var connection = world.Open();
        using var command = new SluiceCommand(sql, connection);
        using (var reader = command.ExecuteReader(CommandBehavior.KeyInfo | CommandBehavior.SchemaOnly))
        {
            Assert.Equal(hasKey, reader.GetColumnSchema().Any(column => column.IsKey == true));
        }

        using var plain = command.ExecuteReader(CommandBehavior.SchemaOnly);
        Assert.DoesNotContain(plain.GetColumnSchema(), column => column.IsKey == true);
    }

    [Fact]
    public void What_an_outer_join_pads_can_be_null()
    {
        using var connection = world.Open();
        using var command = new SluiceCommand(
            "SELECT a.id, c.id FROM campaign_actions a LEFT JOIN campaigns c ON c.id = a.campaign_id", connection);
        using var reader = command.ExecuteReader(CommandBehavior.SchemaOnly);

        Assert.Equal([false, true], reader.GetColumnSchema().Select(column => column.AllowDBNull));
    }
}
