using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.Governance;

/// <summary>The setting <c>break-glass</c>.</summary>
internal sealed record BreakGlassLimits(int Hours, int ReviewWorkingDays, int LeastCharacters);

/// <summary>Who may break the glass, and when.</summary>
internal static class Glass
{
    public const Roles By = Roles.BusinessSupport | Roles.ScreeningOfficer | Roles.HubManager | Roles.DutyTeam | Roles.SocialWorker | Roles.TeamManager | Roles.DesignatedOfficer;

    /// <summary>What is secret in its existence is known to those on duty only ("ask the duty manager").</summary>
    public const Roles BySecret = Roles.HubManager | Roles.DutyTeam;

    public const Roles Reviewers = Roles.InformationGovernance | Roles.HubManager;

    /// <summary>The sealed subject if this person may know that it is there; else null, whatever the reason, so that nothing is told.</summary>
    public static async Task<Subject?> FindAsync(RecordReader read, Viewer viewer, string? kind, Guid id)
    {
        if (await Subjects.FindAsync(read, kind, id) is not { } subject) return null;
        var seals = await Subjects.SealsOnAsync(read, subject);
        if (seals.Count == 0) return null;
        return !viewer.Has(BySecret) && await Subjects.IsSecretToAsync(read, subject, viewer) ? null : subject;
    }
}

internal sealed class BreakTheGlassHandler : Handler<BreakTheGlass, GlassBroken>
{
    public override ValueTask<string?> AuthoriseAsync(BreakTheGlass command, Act act) => ValueTask.FromResult(act.NeedsHub(Glass.By, "open a sealed record"));

    public override async ValueTask CheckAsync(BreakTheGlass command, Problems problems, Act act)
    {
        var limits = await act.Settings.GetAsync<BreakGlassLimits>("break-glass");
        problems.Require(command.Reason, "Reason", "Type why you need it now.");
        problems.MaxLength(command.Reason, 4000, "Reason", "The reason");
        if (!string.IsNullOrWhiteSpace(command.Reason) && command.Reason.Trim().Length < limits.LeastCharacters)
            problems.Add("Reason", $"Say it in a sentence (at least {limits.LeastCharacters} characters): what is happening, and why it cannot wait for someone who is cleared.");
    }

    public override async Task<Outcome<GlassBroken>> HandleAsync(BreakTheGlass command, Act act)
    {
        if (act.Actor.AccountId is not { } account) return new Outcome<GlassBroken>.Refused("A sealed record is opened by a person.");
        if (await Glass.FindAsync(act.Read, act.Actor, command.SubjectKind, command.SubjectId) is not { } subject) return new Outcome<GlassBroken>.NotFound();
        act.About(subject.Kind, subject.Id);
        if (await act.Read.Of<ConflictOfInterest>().AnyAsync(c => c.AccountId == account && c.SubjectId == subject.Id && c.EndedAt == null))
            return new Outcome<GlassBroken>.Refused(new Verdict(AccessLevel.None, AccessReason.Conflict).Words);

        var limits = await act.Settings.GetAsync<BreakGlassLimits>("break-glass");
        var calendar = await act.Settings.CalendarAsync(act.Today);
        var glass = act.Write.Add(new BreakGlass
        {
            Id = act.NewId(),
            SubjectKind = subject.Kind,
            SubjectId = subject.Id,
            AccountId = account,
            Reason = command.Reason.Trim(),
            From = act.Now,
            Until = act.Now + Duration.FromHours(limits.Hours),
            ReviewDueAt = calendar.Due(act.Now, limits.ReviewWorkingDays, ClockUnit.WorkingDays, false).Deadline,
        });
        act.Because(command.Reason);
        // The notice names neither the record nor the person: some seals are secret even to managers.
        act.Notify("break-glass", "BreakGlass", glass.Id, "A sealed record was opened by break-glass. See by whom and why, and say whether it was justified.", toRoles: Glass.Reviewers, climbsAt: glass.ReviewDueAt);
        return new GlassBroken(glass.Id, glass.Until);
    }
}

internal sealed class ReviewBreakGlassHandler : Handler<ReviewBreakGlass, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(ReviewBreakGlass command, Act act) => ValueTask.FromResult(act.Needs(Glass.Reviewers, "review a break-glass"));

    public override ValueTask CheckAsync(ReviewBreakGlass command, Problems problems, Act act)
    {
        problems.Require(command.Words, "Words", "Say how you came to this verdict.");
        problems.MaxLength(command.Words, 4000, "Words", "The words");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(ReviewBreakGlass command, Act act)
    {
        if (await act.Write.FindAsync<BreakGlass>(command.BreakGlassId) is not { } glass) return new Outcome<Nothing>.NotFound();
        act.About(glass.SubjectKind, glass.SubjectId);
        if (glass.AccountId == act.Actor.AccountId) return new Outcome<Nothing>.Refused("You opened this record yourself. Someone else has to review it.");
        if (glass.ReviewedAt is not null) return new Outcome<Nothing>.Conflict($"This was reviewed meanwhile: {glass.Verdict}.");
        glass.ReviewedAt = act.Now;
        glass.ReviewedBy = act.Actor.AccountId;
        glass.Verdict = command.Justified ? "justified" : "not justified";
        glass.ReviewWords = command.Words.Trim();
        // Not justified: whatever is left of the time box ends with the verdict.
        if (!command.Justified)
        {
            if (glass.Until > act.Now) glass.Until = act.Now;
            act.Live($"account:{glass.AccountId}", "access", glass.AccountId, 0);
            act.Notify("break-glass-not-justified", "BreakGlass", glass.Id, "A break-glass was found not justified. Consider a breach entry.", toRoles: Roles.InformationGovernance);
        }

        act.Because(command.Words);
        foreach (var notice in await act.Platform.LoadAsync<Records.Work.Notice>(n => n.SubjectId == glass.Id && n.Kind == "break-glass" && n.ClosedAt == null)) notice.ClosedAt = act.Now;
        return Nothing.Value;
    }
}
