using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Sluice.Server.Webhooks;

/// <summary>The file of an inbox; only its owner can read it, nor what SQLite makes beside it.</summary>
internal sealed class InboxFile(string path)
{
    private readonly string _settings = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString();

    public async Task<DbConnection> ConnectAsync(CancellationToken cancel)
    {
        if (!File.Exists(path))
        {
            Create();
        }

        var connection = new SqliteConnection(_settings);
        await connection.OpenAsync(cancel);

        // With the write-ahead log a commit is one flush to the disk, and FULL makes it so; readers are in nobody's way.
        await connection.ExecuteAsync("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000");
        return connection;
    }

    private void Create()
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
    }
}
