using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Sluice.Server.Webhooks;

/// <summary>The file of an inbox.</summary>
internal sealed class InboxFile
{
    private readonly string _settings;

    private InboxFile(string path) => _settings = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString();

    /// <summary>Makes the file, unless it is there; only its owner can read it, nor what SQLite makes beside it.</summary>
    public static InboxFile Create(string path)
    {
        if (!File.Exists(path))
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var file = new FileStream(path, options);
        }

        return new InboxFile(path);
    }

    public async Task<DbConnection> ConnectAsync(CancellationToken cancel)
    {
        var connection = new SqliteConnection(_settings);
        await connection.OpenAsync(cancel);

        // With the write-ahead log a commit is one flush to the disk, and FULL makes it so; readers are in nobody's way.
        await connection.ExecuteAsync("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000");
        return connection;
    }
}
