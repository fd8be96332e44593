using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Sluice.Server;
using Sluice.Server.Auth;
using Sluice.Server.Control;
using Sluice.Server.Runs;
using Sluice.Tests.DuckDb;
using Xunit;

namespace Sluice.Tests.Server;

/// <summary>A server in this process, on a free port of loopback, in a folder of its own.</summary>
internal sealed class ServerWorld : IAsyncDisposable
{
    /// <summary>The password of all users that <see cref="AddUserAsync"/> adds.</summary>
    public const string Password = "correct horse battery staple";

    // An address for Npgsql: a PostgreSQL in which every world has a database of its own in place of a file, as servers of several nodes have it.
    private static readonly string? SharedControl = Environment.GetEnvironmentVariable("SLUICE_TEST_CONTROL");

    private readonly TemporaryFolder _folder;
    private bool _isStopped;

    private ServerWorld(TemporaryFolder folder, FakeTimeProvider time) => (_folder, Time) = (folder, time);

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public SluiceServer Server { get; private set; } = null!;

    /// <summary>The clock of the server, which stands still until it is moved.</summary>
    public FakeTimeProvider Time { get; }

    public string Folder => _folder.FullPath;

    public Uri Address => Server.Addresses[0];

    public IReadOnlyList<RouteEndpoint> Endpoints =>
        [.. Service<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Distinct()];

    /// <summary>Returns when something has come about, and fails when it does not: a test that waits for ever tells nobody anything.</summary>
    /// <param name="what">What is waited for.</param>
    /// <param name="isSo">Whether it has come about.</param>
    public static async Task UntilAsync(string what, Func<Task<bool>> isSo)
    {
        var waited = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(3), $"Waited in vain for {what}.");
            await Task.Delay(20, Cancel);
        }
    }

    /// <summary>Returns when nothing waits in the queue and no run is at work.</summary>
    public async Task IdleAsync()
    {
        await UntilAsync("the end of all runs", async () => await Service<ControlDatabase>().FindAsync<long>(
            "SELECT (SELECT count(*) FROM run_requests WHERE state = 'queued') + (SELECT count(*) FROM runs WHERE ended_at IS NULL)", null, Cancel) == 0);
        await Task.WhenAll(Service<Runner>().Active.Values.Select(run => run.Ended));
    }

    /// <summary>Starts a server.</summary>
    /// <param name="options">What it is started with beside the folder.</param>
    /// <param name="before">What stands in the control database before it starts.</param>
    public static async Task<ServerWorld> StartAsync(
        Func<ServerOptions, ServerOptions>? options = null, Func<ControlDatabase, TimeProvider, Task>? before = null)
    {
        var time = new FakeTimeProvider(DateTimeOffset.Parse("2026-11-30T12:00:00Z", CultureInfo.InvariantCulture));
        var world = new ServerWorld(new TemporaryFolder(), time);
        try
        {
            if (before is not null)
            {
                Directory.CreateDirectory(world.OptionsOf(options).WorkFolder);
                await using var control = await ControlDatabase.OpenAsync(world.OptionsOf(options).ControlAddress, world.Time, Cancel);
                await before(control, world.Time);
            }

            world.Server = await SluiceServer.StartAsync(world.OptionsOf(options), Cancel);
            return world;
        }
        catch
        {
            world._folder.Dispose();
            throw;
        }
    }

    public T Service<T>()
        where T : notnull => Server.Services.GetRequiredService<T>();

    /// <summary>Somebody who has not logged in yet, with a jar of cookies.</summary>
    public ServerVisitor NewVisitor() => new(Address);

    /// <summary>A new user of a role, logged in with the password.</summary>
    public async Task<ServerVisitor> LogInAsync(Role role)
    {
        var name = $"{RoleWords.WordOf(role)}-{Guid.NewGuid():N}";
        await AddUserAsync(Service<ControlDatabase>(), name, role);
        var visitor = NewVisitor();
        using var answer = await visitor.PostFormAsync("/login", ("name", name), ("password", Password));
        Assert.Equal(303, (int)answer.StatusCode);
        return visitor;
    }

    /// <summary>A program with a new token.</summary>
    public async Task<ServerVisitor> NewProgramAsync(params string[] scopes)
    {
        var token = await Service<AccessTokens>().CreateAsync($"{Guid.NewGuid():N}", scopes, TimeSpan.FromDays(1), "test", Cancel);
        return new ServerVisitor(Address, token);
    }

    /// <summary>Adds a user whose password is checked in a moment, because it was stored with few rounds.</summary>
    public static Task<int> AddUserAsync(ControlDatabase control, string name, Role role)
    {
        var salt = new byte[16];
        var hash = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(Password), salt, 10, HashAlgorithmName.SHA256, 32);
        return control.ExecuteAsync(
            "INSERT INTO users (name, role, password, created_at, created_by, stamp) VALUES (@Name, @Role, @Password, 0, 'test', 'stamp')",
            new
            {
                Name = name,
                Role = RoleWords.WordOf(role),
                Password = $"pbkdf2-sha256$10${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}",
            },
            Cancel);
    }

    /// <summary>Stops the server, as two can't be at work in one folder.</summary>
    public async Task StopAsync()
    {
        if (!_isStopped)
        {
            _isStopped = true;
            await Server.DisposeAsync();
        }
    }

    /// <summary>Starts a server in the folder of the one that was stopped.</summary>
    public async Task StartAgainAsync(ServerOptions options)
    {
        Server = await SluiceServer.StartAsync(options, Cancel);
        _isStopped = false;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private ServerOptions OptionsOf(Func<ServerOptions, ServerOptions>? change)
    {
        var options = new ServerOptions
        {
            Folder = Folder,
            WorkFolder = Path.Combine(Folder, ".sluice"),
            Listen = new Uri("http://127.0.0.1:0"),
            Variables = _ => null,
            OpenClient = (_, _) => throw new InvalidOperationException("This test asks Customer.io for nothing."),
            Time = Time,
        };
        options = change is null ? options : change(options);
        return SharedControl is { } server && options.Control is null ? Shared(options, server) : options;
    }

    // A database for the world alone, which a server that starts again in its folder finds again.
    private ServerOptions Shared(ServerOptions options, string server)
    {
        var variables = options.Variables;
        var name = $"world_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Folder)))[..16]}";
        using var connection = new NpgsqlConnection(server);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM pg_database WHERE datname = '{name}'";
        if ((long)command.ExecuteScalar()! == 0)
        {
            command.CommandText = $"CREATE DATABASE {name}";
            command.ExecuteNonQuery();
        }

        var address = new NpgsqlConnectionStringBuilder(server);
        return options with
        {
            Control = $"postgresql://{address.Username}:{Uri.EscapeDataString(address.Password ?? "")}@{address.Host}:{address.Port}/{name}",
            SharesFiles = true,
            Variables = variable => variables(variable) ?? (variable == "SLUICE_SECRET_KEY" ? Convert.ToBase64String(new byte[32]) : null),
        };
    }
}
