using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Record;
using OpenMash.Records.Accounts;

namespace OpenMash.Hub.Platform.Accounts;

/// <summary>
/// First-run set-up of a hub for real use: while nobody was ever an administrator, every page leads to <c>/setup</c>, which asks for a code that only
/// whoever started the hub has read. Once someone was, it is closed for good.
/// </summary>
public sealed class SetupGate(HubOptions options, RecordStore store)
{
    // No letters or digits that look alike on a console.
    private const string Alphabet = "23456789abcdefghjkmnpqrstuvwxyz";
    private volatile bool _closed = options.Mode != HubMode.Serve;

    /// <summary>Printed on the console at start; about 79 bits, and new at every start.</summary>
    public string Code { get; } = string.Join('-', RandomNumberGenerator.GetString(Alphabet, 16).Chunk(4).Select(c => new string(c)));

    public async Task<bool> IsOpenAsync(CancellationToken ct)
    {
        if (_closed) return false;
        if (!await AnyAdministratorAsync(ct)) return true;
        _closed = true;
        return false;
    }

    public bool IsCode(string? typed)
    {
        var given = new string([.. (typed ?? "").ToLowerInvariant().Where(char.IsAsciiLetterOrDigit)]);
        var right = Code.Replace("-", "", StringComparison.Ordinal);
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(right));
    }

    private async Task<bool> AnyAdministratorAsync(CancellationToken ct)
    {
        short[] authorities;
        await using (var db = store.Open(0))
            authorities = await db.Set<Authority>().AsNoTracking().Select(a => a.Id).ToArrayAsync(ct);
        foreach (var authority in authorities)
        {
            await using var db = store.Open(authority);
            // Ended memberships count: set-up must not come back because an administrator left.
            var roles = await db.Set<Membership>().AsNoTracking().Select(m => m.Roles).Distinct().ToArrayAsync(ct);
            if (roles.Any(r => r.HasFlag(Roles.Administrator))) return true;
        }

        return false;
    }
}

/// <summary>Leads every page to set-up while it is open.</summary>
internal sealed class SetupMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http, SetupGate gate)
    {
        if (await gate.IsOpenAsync(http.RequestAborted)
            && !http.Request.Path.StartsWithSegments("/setup", StringComparison.OrdinalIgnoreCase)
            && !http.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
            && !http.Request.Path.StartsWithSegments("/error", StringComparison.OrdinalIgnoreCase))
        {
            if (http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) || http.Request.Path.StartsWithSegments("/connect", StringComparison.OrdinalIgnoreCase))
                await Results.Problem(statusCode: 503, title: "This hub is not set up yet", detail: "Its first administrator has to be made. Try again later.").ExecuteAsync(http);
            else
                http.Response.Redirect("/setup");
            return;
        }

        await next(http);
    }
}
