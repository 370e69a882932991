using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;

namespace OpenMash.Hub.Platform.Drafts;

/// <summary>
/// <c>GET /kept/key</c>: what kept.js needs to keep a form on the device while there is no connection, and to send it afterwards (practice rule 33). The key comes from
/// the account's security stamp and is never stored on the device: whoever is signed out there, and whoever was revoked, leaves nothing that can be read.
/// </summary>
internal static class KeptEndpoint
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/kept/key", KeyAsync).RequireAuthorization(new AllowMembersAttribute()).ExcludeFromDescription();

    private static async Task<IResult> KeyAsync(HttpContext http, RecordReader read, IAntiforgery antiforgery)
    {
        if (http.Viewer().AccountId is not { } id) return Results.NotFound();
        var stamp = await read.Of<Account>().Where(a => a.Id == id).Select(a => a.SecurityStamp).SingleAsync(http.RequestAborted);
        var key = HMACSHA256.HashData(Encoding.UTF8.GetBytes(stamp ?? ""), Encoding.UTF8.GetBytes($"kept on a device|{id}"));
        return Results.Json(new { account = id, key = Convert.ToBase64String(key), token = antiforgery.GetAndStoreTokens(http).RequestToken });
    }
}
