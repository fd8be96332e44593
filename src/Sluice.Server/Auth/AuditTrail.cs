using Microsoft.AspNetCore.Http;
using Sluice.Server.Control;

namespace Sluice.Server.Auth;

/// <summary>Who did what, when and from where; kept in the control database, without values.</summary>
/// <param name="control">The control database.</param>
/// <param name="time">The clock.</param>
public sealed class AuditTrail(ControlDatabase control, TimeProvider time)
{
    private const int MostLetters = 300;

    private const string Insert =
        "INSERT INTO audit_trail (id, at, who, address, action, object, detail) VALUES (@Id, @At, @Who, @Address, @Action, @Thing, @Detail)";

    /// <summary>Records what the one who sends a request did.</summary>
    public Task RecordAsync(HttpContext http, string action, string? thing, string? detail, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(http);
        return RecordAsync(Visitor.NameOf(http.User), http.Connection.RemoteIpAddress?.ToString(), action, thing, detail, cancel);
    }

    /// <summary>Records what somebody did.</summary>
    /// <param name="who">The user or the token.</param>
    /// <param name="address">From where; null for the command line.</param>
    /// <param name="action">What, as in <c>add user</c>.</param>
    /// <param name="thing">To what it was done.</param>
    /// <param name="detail">How; never a secret.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task RecordAsync(string who, string? address, string action, string? thing, string? detail, CancellationToken cancel) =>
        await control.ExecuteAsync(Insert, Values(time.GetUtcNow(), who, address, action, thing, detail), cancel);

    /// <summary>Records what changed without anybody at a page, with the change itself.</summary>
    internal static async Task RecordAsync(ControlChange change, DateTimeOffset at, string who, string action, string thing, string? detail) =>
        await change.ExecuteAsync(Insert, Values(at, who, null, action, thing, detail));

    private static object Values(DateTimeOffset at, string who, string? address, string action, string? thing, string? detail) => new
    {
        Id = ControlTime.NewId(at),
        At = ControlTime.Of(at),
        Who = Short(who),
        Address = address,
        Action = action,
        Thing = Short(thing),
        Detail = Short(detail),
    };

    /// <summary>The latest entries, or those before one.</summary>
    public Task<IReadOnlyList<AuditEntry>> ListAsync(int most, string? before, CancellationToken cancel) => control.ListAsync<AuditEntry>(
        """
        SELECT id AS Id, at AS At, who AS Who, address AS Address, action AS Action, object AS Thing, detail AS Detail FROM audit_trail
        WHERE id < @Before ORDER BY id DESC LIMIT @Most
        """,
        new { Most = most, Before = before ?? "a" },
        cancel);

    // What strangers type must not fill the database.
    private static string? Short(string? text) => text is { Length: > MostLetters } ? $"{text[..MostLetters]}…" : text;
}

/// <summary>An entry of the audit trail.</summary>
public sealed record AuditEntry
{
    /// <summary>The id, which sorts by time.</summary>
    public string Id { get; init; } = "";

    /// <summary>When, in unix milliseconds.</summary>
    public long At { get; init; }

    /// <summary>Who.</summary>
    public string Who { get; init; } = "";

    /// <summary>From where; null for the command line.</summary>
    public string? Address { get; init; }

    /// <summary>What.</summary>
    public string Action { get; init; } = "";

    /// <summary>To what.</summary>
    public string? Thing { get; init; }

    /// <summary>How.</summary>
    public string? Detail { get; init; }
}
