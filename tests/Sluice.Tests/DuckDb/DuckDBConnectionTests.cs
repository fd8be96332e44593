using System.Data;
using Sluice.DuckDb;
using Xunit;

namespace Sluice.Tests.DuckDb;

public sealed class DuckDBConnectionTests
{
    [Fact]
    public void A_file_keeps_its_data_between_connections()
    {
        using var folder = new TemporaryFolder();
        using (var first = Database.File(folder.File("a.duckdb")))
            first.Execute("CREATE TABLE t AS SELECT 42 AS n");

        using var second = Database.File(folder.File("a.duckdb"));

        Assert.Equal(42, second.Scalar("SELECT n FROM t"));
    }

    [Fact]
    public void Two_connections_to_one_file_share_one_database_whatever_path_leads_there()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.duckdb");
        using var first = Database.File(path);
        first.Execute("CREATE TABLE t (n INTEGER)");
        Directory.CreateSymbolicLink(folder.File("link"), folder.FullPath);

        using var second = Database.File(Path.Combine(folder.FullPath, "x", "..", "a.duckdb"));
        using var third = Database.File(Path.Combine(folder.File("link"), "a.duckdb"));
        second.Execute("INSERT INTO t VALUES (1)");

        Assert.Equal(1L, third.Scalar("SELECT count(*) FROM t"));
        Assert.Equal(1L, first.Scalar("SELECT count(*) FROM t"));
    }

    [Fact]
    public void The_file_is_free_after_the_last_connection_closed()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.duckdb");
        var first = Database.File(path);
        var second = Database.File(path);
        first.Execute("CREATE TABLE t AS SELECT 1");
        first.Dispose();
        Assert.Equal(1L, second.Scalar("SELECT count(*) FROM t"));
        second.Dispose();

        Assert.False(File.Exists($"{path}.wal"));
        using var readOnly = Database.File(path, "access_mode=READ_ONLY");
        Assert.Throws<DuckDBException>(() => readOnly.Execute("INSERT INTO t VALUES (2)"));
    }

    [Fact]
    public void Other_settings_for_an_open_file_are_refused_with_both_values_and_none_share_the_first()
    {
        using var folder = new TemporaryFolder();
        using var first = Database.File(folder.File("a.duckdb"), "threads=2");

        var error = Assert.Throws<InvalidOperationException>(() => Database.File(folder.File("a.duckdb"), "threads=3"));
        Assert.Contains("threads=2", error.Message, StringComparison.Ordinal);
        Assert.Contains("not 3", error.Message, StringComparison.Ordinal);

        using var same = Database.File(folder.File("a.duckdb"), "THREADS=2");
        using var none = Database.File(folder.File("a.duckdb"));
        Assert.Equal(2L, none.Scalar("SELECT current_setting('threads')"));
    }

    [Fact]
    public void A_database_in_memory_is_private_and_a_named_one_is_shared()
    {
        using var a = Database.InMemory();
        using var b = Database.InMemory();
        a.Execute("CREATE TABLE t (n INTEGER)");
        Assert.Throws<DuckDBException>(() => b.Execute("SELECT * FROM t"));

        var name = $":memory:{Guid.NewGuid():N}";
        using var c = Database.File(name);
        using var d = Database.File(name);
        c.Execute("CREATE TABLE t (n INTEGER)");
        Assert.Equal(0L, d.Scalar("SELECT count(*) FROM t"));
    }

    [Fact]
    public void A_duplicate_sees_a_private_database_and_outlives_the_original()
    {
        var original = Database.InMemory();
        original.Execute("CREATE TABLE t AS SELECT 7 AS n");
        using var duplicate = original.Duplicate();
        original.Dispose();

        Assert.Equal(7, duplicate.Scalar("SELECT n FROM t"));
    }

    [Fact]
    public void Settings_reach_DuckDB_and_extensions_are_never_fetched()
    {
        using var connection = Database.InMemory("memory_limit=128MB;threads=2");

        Assert.Equal(2L, connection.Scalar("SELECT current_setting('threads')"));
        Assert.Equal("122.0 MiB", connection.Scalar("SELECT current_setting('memory_limit')"));
        Assert.Equal(false, connection.Scalar("SELECT current_setting('autoinstall_known_extensions')"));
        Assert.Equal(false, connection.Scalar("SELECT current_setting('autoload_known_extensions')"));
        Assert.Equal("v1.5.6", connection.ServerVersion);
    }

    [Fact]
    public void A_time_zone_belongs_to_its_connection_and_its_duplicates()
    {
        using var berlin = Database.InMemory("TimeZone=Europe/Berlin");
        using var duplicate = berlin.Duplicate();
        duplicate.Execute("SET TimeZone = 'UTC'");

        const string Text = "SELECT '2024-07-01 12:00:00+00'::TIMESTAMPTZ::VARCHAR";
        Assert.Equal("2024-07-01 14:00:00+02", berlin.Scalar(Text));
        Assert.Equal("2024-07-01 12:00:00+00", duplicate.Scalar(Text));
        Assert.Throws<DuckDBException>(() => Database.InMemory("TimeZone=Nowhere"));
    }

    [Fact]
    public void A_setting_can_be_empty_when_it_is_quoted()
    {
        using var connection = Database.InMemory("temp_directory=''");

        Assert.Equal("", connection.Scalar("SELECT current_setting('temp_directory')"));
    }

    [Theory]
    [InlineData("no_such_setting=1", "no_such_setting")]
    [InlineData("threads=many", "threads")]
    public void A_wrong_setting_is_named(string settings, string name)
    {
        var error = Assert.Throws<DuckDBException>(() => Database.InMemory(settings));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_cant_be_opened_is_an_IO_error_with_its_path()
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<DuckDBException>(() => Database.File(folder.File("missing/a.duckdb")));

        Assert.Equal(DuckDBErrorType.IO, error.ErrorType);
        Assert.Contains("missing/a.duckdb", error.Message, StringComparison.Ordinal);
        Assert.Null(error.LockHolderPid);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.duckdb"), new string('x', 20_000));

        Assert.Throws<DuckDBException>(() => Database.File(folder.File("a.duckdb")));
    }

    [Fact]
    public void A_closed_connection_says_so_and_can_be_opened_again()
    {
        using var connection = Database.InMemory();
        using var command = connection.Command("SELECT 1");
        command.Prepare();
        using var reader = command.ExecuteReader();
        reader.Read();
        connection.Close();

        Assert.Equal(ConnectionState.Closed, connection.State);
        Assert.Contains("closed", Assert.Throws<InvalidOperationException>(() => connection.Scalar("SELECT 1")).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => command.ExecuteScalar());
        Assert.Throws<InvalidOperationException>(() => reader.GetInt32(0));
        Assert.Throws<InvalidOperationException>(() => reader.Read());
        connection.Interrupt();

        connection.Open();
        Assert.Equal(1, connection.Scalar("SELECT 1"));
        Assert.Equal(1, command.ExecuteScalar());
    }

    [Fact]
    public void Closing_lets_the_file_go_whatever_was_left_open()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.duckdb");
        var connection = Database.File(path);
        connection.Execute("CREATE TABLE t AS SELECT range AS n FROM range(10000)");
        var prepared = connection.Command("SELECT count(*) FROM t");
        prepared.Prepare();
        var complete = connection.Command("SELECT * FROM t");
        complete.UseStreamingMode = false;
        var reader = complete.ExecuteReader();
        var appender = connection.CreateAppender("t");
        appender.CreateRow().AppendValue(1L).EndRow();
        var stream = connection.Command("SELECT * FROM t").ExecuteReader();
        connection.Close();

        // The write-ahead log is merged when the native database closes, and only then.
        Assert.False(File.Exists($"{path}.wal"));
        File.Move(path, folder.File("b.duckdb"));
        using var moved = Database.File(folder.File("b.duckdb"));
        Assert.Equal(10_000L, moved.Scalar("SELECT count(*) FROM t"));
        Assert.True(reader.IsClosed);
        Assert.True(stream.IsClosed);
        appender.Dispose();
        prepared.Connection = moved;
        Assert.Equal(10_000L, prepared.ExecuteScalar());
    }

    [Fact]
    public void A_forgotten_connection_lets_the_file_go_when_it_is_collected()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.duckdb");
        Forget(path);
        for (var i = 0; i < 10 && File.Exists($"{path}.wal"); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(File.Exists($"{path}.wal"));
        using var again = Database.File(path, "access_mode=READ_ONLY");
        Assert.Equal(1, again.Scalar("SELECT n FROM t"));

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Forget(string path)
        {
            var connection = Database.File(path);
            connection.Execute("CREATE TABLE t AS SELECT 1 AS n");
            Assert.True(File.Exists($"{path}.wal"));
        }
    }

    [Fact]
    public void A_disposed_connection_says_so()
    {
        var connection = Database.InMemory();
        connection.Dispose();
        connection.Dispose();

        Assert.Throws<ObjectDisposedException>(connection.Open);
        Assert.Throws<ObjectDisposedException>(() => connection.Scalar("SELECT 1"));
        Assert.Throws<ObjectDisposedException>(() => connection.GetQueryProgress());
    }

    [Fact]
    public void The_current_catalog_can_be_changed()
    {
        using var folder = new TemporaryFolder();
        using var connection = Database.File(folder.File("a.duckdb"));
        connection.Execute($"ATTACH {DuckDBLiteral.Quote(folder.File("it's.duckdb"))} AS {DuckDBIdentifier.Quote("other \"one\"")}");

        Assert.Equal("a", connection.Database);
        connection.ChangeDatabase("other \"one\"");

        Assert.Equal("other \"one\"", connection.Database);
    }

    [Fact]
    public void A_connection_string_takes_quoted_paths()
    {
        var builder = new DuckDBConnectionStringBuilder { DataSource = "/tmp/a;b=c 'd'.duckdb" };

        Assert.Equal("/tmp/a;b=c 'd'.duckdb", new DuckDBConnectionStringBuilder(builder.ConnectionString).DataSource);
        Assert.Equal("x", new DuckDBConnectionStringBuilder("DataSource=x").DataSource);
    }
}
