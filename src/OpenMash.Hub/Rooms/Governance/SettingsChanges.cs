using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Records.Accounts;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;
using OpenMash.Records.Settings;

namespace OpenMash.Hub.Rooms.Governance;

internal static class SettingRoles
{
    public const Roles Propose = Roles.Administrator | Roles.HubManager | Roles.InformationGovernance;
    public const Roles Approve = Propose;
}

/// <summary>Reads a proposed value as the hub itself will read it, and says what is wrong with it.</summary>
internal static class SettingCheck
{
    /// <summary>The engines' own rules, which have no file in <c>Settings</c>.</summary>
    public const string ClockRules = "clock-rules";

    public static IReadOnlyList<string> Names(SettingsShelf shelf) => [.. shelf.Names.Append(ClockRules).Distinct().Order(StringComparer.Ordinal)];

    public static string? ProblemWith(string name, string value, SettingsShelf shelf)
    {
        if (!Names(shelf).Contains(name)) return $"There is no setting {name}.";
        if (value.Length > 200_000) return "The value is longer than 200,000 characters.";
        try
        {
            using var proposed = JsonDocument.Parse(value);
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(value));
            switch (name)
            {
                case "opening-hours":
                    OpeningHours.Parse(stream);
                    return null;
                case ClockRules:
                    ClockRuleSet.Shipped.With(ClockRuleSet.Parse(stream));
                    return null;
                case "break-glass":
                    return BreakGlassProblem(value);
                default:
                    using (var shipped = JsonDocument.Parse(shelf.Shipped(name)))
                        return ShapeProblem(shipped.RootElement, proposed.RootElement, name);
            }
        }
        catch (JsonException e)
        {
            return $"This is not JSON: line {e.LineNumber + 1}, position {e.BytePositionInLine + 1}.";
        }
        catch (ClockDataException e)
        {
            return e.Message;
        }
    }

    private static string? BreakGlassProblem(string value)
    {
        var limits = JsonSerializer.Deserialize<BreakGlassLimits>(value, HubJson.Options);
        if (limits is null || limits.Hours is < 1 or > 24) return "\"hours\" must be from 1 to 24.";
        if (limits.ReviewWorkingDays is < 1 or > 10) return "\"reviewWorkingDays\" must be from 1 to 10.";
        return limits.LeastCharacters is < 1 or > 500 ? "\"leastCharacters\" must be from 1 to 500." : null;
    }

    /// <summary>The same kinds of values under the same names as in the shipped file. Members of lists follow the first shipped member.</summary>
    private static string? ShapeProblem(JsonElement shipped, JsonElement proposed, string where)
    {
        if (Kind(shipped) != Kind(proposed) && shipped.ValueKind != JsonValueKind.Null) return $"{where}: {Kind(shipped)} is expected, not {Kind(proposed)}.";
        if (shipped.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in shipped.EnumerateObject())
            {
                if (!proposed.TryGetProperty(member.Name, out var own)) return $"{where}: \"{member.Name}\" is missing.";
                if (ShapeProblem(member.Value, own, $"{where}.{member.Name}") is { } problem) return problem;
            }

            foreach (var member in proposed.EnumerateObject())
                if (!shipped.TryGetProperty(member.Name, out _)) return $"{where}: \"{member.Name}\" is not known.";
        }

        return null;
    }

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "true or false",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "a text",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        _ => "nothing",
    };
}

internal sealed class ProposeSettingHandler(SettingsShelf shelf) : Handler<ProposeSetting, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(ProposeSetting command, Act act) => ValueTask.FromResult(act.Needs(SettingRoles.Propose, "propose a setting"));

    public override ValueTask CheckAsync(ProposeSetting command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say why, and who decided it.");
        if (command.ValidFrom < act.Today) problems.Add("ValidFrom", "A setting holds from today at the earliest: changing one changes no past judgement.");
        if (SettingCheck.ProblemWith(command.Name, command.Value, shelf) is { } problem) problems.Add("Value", problem);
        return ValueTask.CompletedTask;
    }

    public override Task<Outcome<Guid>> HandleAsync(ProposeSetting command, Act act)
    {
        if (act.Actor.AccountId is not { } by) return Task.FromResult<Outcome<Guid>>(new Outcome<Guid>.Refused("A setting is proposed by a person."));
        var proposed = act.Write.Add(new SettingOverride
        {
            Id = act.NewId(),
            Name = command.Name,
            Value = command.Value,
            ValidFrom = command.ValidFrom,
            Reason = command.Reason.Trim(),
            ProposedBy = by,
            ProposedAt = act.Now,
        });
        act.About("SettingOverride", proposed.Id);
        act.Because(command.Reason);
        act.Notify("setting-proposed", "SettingOverride", proposed.Id, $"A new value of the setting {command.Name} waits for someone else's approval.", toRoles: SettingRoles.Approve);
        return Task.FromResult<Outcome<Guid>>(proposed.Id);
    }
}

internal sealed class ApproveSettingHandler(SettingsShelf shelf) : Handler<ApproveSetting, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(ApproveSetting command, Act act) => ValueTask.FromResult(act.Needs(SettingRoles.Approve, "approve a setting"));

    public override async Task<Outcome<Nothing>> HandleAsync(ApproveSetting command, Act act)
    {
        if (await act.Write.FindAsync<SettingOverride>(command.OverrideId) is not { } proposed) return new Outcome<Nothing>.NotFound();
        act.About("SettingOverride", proposed.Id);
        if (proposed.ProposedBy == act.Actor.AccountId) return new Outcome<Nothing>.Refused("You proposed this value yourself. Someone else has to approve it.");
        if (proposed.ApprovedAt is not null) return new Outcome<Nothing>.Conflict("Someone else has approved it meanwhile.");
        if (proposed.ValidFrom < act.Today) return new Outcome<Nothing>.Conflict("The day from which it should hold has passed. Propose it anew: a setting changes no past judgement.");
        if (SettingCheck.ProblemWith(proposed.Name, proposed.Value, shelf) is { } problem) return new Outcome<Nothing>.Conflict("This value can no longer be read: " + problem);
        proposed.ApprovedBy = act.Actor.AccountId;
        proposed.ApprovedAt = act.Now;
        foreach (var notice in await act.Platform.LoadAsync<Records.Work.Notice>(n => n.SubjectId == proposed.Id && n.ClosedAt == null)) notice.ClosedAt = act.Now;
        return Nothing.Value;
    }
}
