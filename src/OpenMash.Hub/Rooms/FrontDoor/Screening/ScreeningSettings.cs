using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary><c>Settings/screening.json</c>.</summary>
internal sealed record ScreeningSettings
{
    public required int LookBackMonths { get; init; }

    /// <summary>So many earlier contacts ask for a second person when "no further action" is proposed.</summary>
    public required int EarlierContacts { get; init; }

    /// <summary>Outcomes that close a line without anything that follows.</summary>
    public required IReadOnlyList<LineOutcome> Closings { get; init; }

    public required IReadOnlyList<Roles> SecondPersonRoles { get; init; }

    public required int RedUnclaimedMinutes { get; init; }

    public required int EarlierShown { get; init; }
}

/// <summary><c>Settings/ratings.json</c>.</summary>
internal sealed record RatingSettings
{
    public required IReadOnlyList<RatingSetting> Ratings { get; init; }

    public RatingSetting Of(Rating rating) => Ratings.First(r => r.Rating == rating);

    public string Label(Rating? rating) => rating is { } r ? Of(r).Label : "Not rated";
}

internal sealed record RatingSetting(Rating Rating, string Label, string Tone, string Meaning);

/// <summary><c>Settings/outcomes.json</c>.</summary>
internal sealed record OutcomeSettings
{
    public required IReadOnlyList<OutcomeSetting> Outcomes { get; init; }

    public string Label(LineOutcome outcome) => Outcomes.FirstOrDefault(o => o.Outcome == outcome)?.Label ?? (outcome == LineOutcome.Enquiry ? "Enquiry in the room" : outcome.ToString());
}

internal sealed record OutcomeSetting(LineOutcome Outcome, string Label, string Hint);

/// <summary><c>Settings/ladder.json</c>: who sees an unread notice next, and how long each step has.</summary>
internal sealed record LadderSettings
{
    public required IReadOnlyList<LadderStep> Steps { get; init; }

    /// <summary>Out of hours every ladder starts with the duty team.</summary>
    public required IReadOnlyList<LadderStep> OutOfHours { get; init; }
}

internal sealed record LadderStep(string Name, IReadOnlyList<Roles> Roles, int Minutes)
{
    public Roles AnyOf => Roles.Aggregate(Records.Accounts.Roles.None, (all, one) => all | one);
}

/// <summary><c>Settings/tell-templates.json</c>.</summary>
internal sealed record TellTemplates
{
    public required IReadOnlyDictionary<string, TellTexts> Languages { get; init; }

    public TellTexts For(string? language) => language is not null && Languages.TryGetValue(language, out var found) ? found : Languages["en"];
}

internal sealed record TellTexts
{
    public required string Subject { get; init; }
    public required string Public { get; init; }
    public required string Professional { get; init; }
    public required string Consent { get; init; }
    public required IReadOnlyDictionary<string, string> Outcomes { get; init; }
}
