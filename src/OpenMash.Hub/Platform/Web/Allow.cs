using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.Extensions.Options;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Trail;

namespace OpenMash.Hub.Platform.Web;

/// <summary>
/// Declares who may use a page or endpoint: anyone signed in with one of the roles (and, if said, of the hub's own team). Every page and endpoint has
/// this or is explicitly anonymous; what an allowed person may see of a record is decided by the record's access rule.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class AllowAttribute : AuthorizeAttribute
{
    public AllowAttribute(Roles any, string whatFor, bool hub = false)
    {
        Any = any;
        WhatFor = whatFor;
        Hub = hub;
        Policy = string.Create(CultureInfo.InvariantCulture, $"allow|{(int)any}|{(hub ? 1 : 0)}|{whatFor}");
    }

    public Roles Any { get; }

    public string WhatFor { get; }

    public bool Hub { get; }
}

/// <summary>Everyone with a membership today.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class AllowMembersAttribute : AuthorizeAttribute
{
    public AllowMembersAttribute() => Policy = "members";
}

/// <summary>Anyone signed in, with or without a membership today: one's own account only.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class AllowSignedInAttribute : AuthorizeAttribute
{
    public AllowSignedInAttribute() => Policy = "signed-in";
}

internal sealed record AllowRequirement(Roles Any, bool Hub, string WhatFor) : IAuthorizationRequirement;

internal sealed class AllowPolicies(IOptions<AuthorizationOptions> options) : DefaultAuthorizationPolicyProvider(options)
{
    public override async Task<AuthorizationPolicy?> GetPolicyAsync(string policyName)
    {
        if (policyName == "signed-in") return new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        if (policyName == "members")
            return new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(new AllowRequirement((Roles)~0, false, "open this page")).Build();
        if (!policyName.StartsWith("allow|", StringComparison.Ordinal)) return await base.GetPolicyAsync(policyName);
        var parts = policyName.Split('|', 4);
        var requirement = new AllowRequirement((Roles)int.Parse(parts[1], CultureInfo.InvariantCulture), parts[2] == "1", parts[3]);
        return new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(requirement).Build();
    }
}

internal sealed class AllowHandler(IHttpContextAccessor accessor) : AuthorizationHandler<AllowRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, AllowRequirement requirement)
    {
        var http = accessor.HttpContext;
        if (http is null || !http.HasViewer()) return Task.CompletedTask;
        var viewer = http.Viewer();
        if (viewer.Kind != ViewerKind.Person) return Task.CompletedTask;
        if (viewer.Has(requirement.Any) && (!requirement.Hub || viewer.IsHub))
        {
            context.Succeed(requirement);
        }
        else
        {
            var team = requirement.Hub ? " in the hub's own team" : "";
            var role = requirement.Any == (Roles)~0 ? "a role that holds today" : $"the role {RoleNames.AnyOf(requirement.Any)}{team}";
            context.Fail(new AuthorizationFailureReason(this, $"To {requirement.WhatFor} you need {role}. You are {viewer.Describe()}."));
        }

        return Task.CompletedTask;
    }
}

/// <summary>Tells the person refused the level and the reason, and records the refusal.</summary>
internal sealed class RefusalResultHandler(CommandRunner runner) : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _ordinary = new();

    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        // The router's own answers (405, 415) are endpoints without a route, and nobody's to refuse.
        if (context.GetEndpoint() is { } endpoint and not RouteEndpoint && endpoint.DisplayName is { } says && (says.StartsWith("405", StringComparison.Ordinal) || says.StartsWith("415", StringComparison.Ordinal)))
        {
            await next(context);
            return;
        }

        if (!authorizeResult.Forbidden)
        {
            await _ordinary.HandleAsync(next, context, policy, authorizeResult);
            return;
        }

        var reason = authorizeResult.AuthorizationFailure?.FailureReasons.FirstOrDefault()?.Message ?? "Your role does not open this page.";
        var viewer = context.Viewer();
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "?";
        await runner.WitnessAsync(viewer, TrailKind.Refusal, "open " + route, detail: new { reason }, ct: context.RequestAborted);
        await Refusals.WriteAsync(context, reason);
    }
}

internal static class Refusals
{
    internal const string ReasonKey = "refusal";

    /// <summary>An address and its words: what the person refused may do all the same.</summary>
    internal const string WayOutKey = "refusal-way-out";

    /// <summary>Writes a 403: problem details to partner systems, a page with the reason to people.</summary>
    internal static async Task WriteAsync(HttpContext context, string reason)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Items[ReasonKey] = reason;
        if (context.IsApi())
        {
            await Results.Problem(statusCode: 403, title: "Refused", detail: reason).ExecuteAsync(context);
            return;
        }

        await ErrorPages.ReExecuteAsync(context, "/error/403");
    }
}
