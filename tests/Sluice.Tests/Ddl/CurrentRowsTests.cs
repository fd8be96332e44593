using Sluice.Destinations.Warehouses;
using Sluice.Tests.DuckDb;
using Xunit;

namespace Sluice.Tests.Ddl;

/// <summary>The view of current rows, run by an engine that takes the same SQL as Athena's views.</summary>
public sealed class CurrentRowsTests
{
    [Fact]
    public void Of_each_row_the_newest_version_is_kept() => Assert.Equal(
        ["new"], Current("segments", "(1, 'old', TIMESTAMP '2024-01-01', NULL)", "(1, 'new', TIMESTAMP '2024-01-02', NULL)"));

    [Fact]
    public void A_deleted_row_is_left_out_also_while_the_files_of_before_are_still_there() => Assert.Empty(
        Current("segments", "(1, 'old', TIMESTAMP '2024-01-01', NULL)", "(1, 'old', TIMESTAMP '2024-01-01', TIMESTAMP '2024-01-02')"));

    [Fact]
    public void A_row_that_came_back_is_there() => Assert.Equal(
        ["back"], Current("segments", "(1, 'gone', TIMESTAMP '2024-01-01', TIMESTAMP '2024-01-02')", "(1, 'back', TIMESTAMP '2024-01-03', NULL)"));

    [Fact]
    public void Rows_without_a_key_are_all_kept() => Assert.Equal(
        ["a", "b"], Current("segments", "(NULL, 'a', TIMESTAMP '2024-01-01', NULL)", "(NULL, 'b', TIMESTAMP '2024-01-01', NULL)"));

    [Fact]
    public void A_table_without_a_key_has_all_its_rows() =>
        Assert.Equal(
            ["a", "a"],
            Rows(
                DdlBench.Table("segments") with
                {
                    PrimaryKey = [],
                },
                "(1, 'a', TIMESTAMP '2024-01-01', NULL)",
                "(1, 'a', TIMESTAMP '2024-01-01', NULL)"));

    [Fact]
    public void A_table_without_marks_is_not_asked_for_them()
    {
        var script = DdlBench.Write("athena", DdlBench.Table("segments", marksDeleted: false));

        Assert.Contains("row_number()", script, StringComparison.Ordinal);
        Assert.DoesNotContain("_sluice_deleted_at", script, StringComparison.Ordinal);
    }

    private static IEnumerable<object?> Current(string table, params string[] rows) => Rows(DdlBench.Table(table), rows);

    private static IEnumerable<object?> Rows(LakeTable table, params string[] rows)
    {
        using var database = Database.InMemory();
        database.Execute("CREATE SCHEMA customerio");
        database.Execute($"CREATE TABLE customerio.segments ({string.Join(", ", table.Columns.Select(Define))})");
        database.Execute($"INSERT INTO customerio.segments (id, name, _sluice_loaded_at, _sluice_deleted_at) VALUES {string.Join(", ", rows)}");
        var script = DdlBench.Write("athena", table);
        database.Execute(script[script.IndexOf("CREATE OR REPLACE VIEW", StringComparison.Ordinal)..]);
        return [.. database.Rows("SELECT name FROM customerio.segments_current ORDER BY name").Select(row => row[0])];
    }

    private static string Define(LakeColumn column) => $"\"{column.Name}\" {(column.IsTime ? "TIMESTAMP" : "VARCHAR")}";
}
