using NodaTime;
using OpenMash.Records.Kernel;

namespace OpenMash.Records.Accounts;

public sealed record AddAgency(string Name, AgencyKind Kind, string Telephone, string? Email, bool IsHub, bool AnswersChecks) : ICommand<Guid>;

public sealed record ChangeAgency(Guid AgencyId, string Name, string Telephone, string? Email, bool AnswersChecks, Guid SeenVersion) : ICommand<Nothing>;

/// <summary>Gives an account a dated membership; the account is made beforehand by the framework's identity.</summary>
public sealed record GrantMembership(Guid AccountId, Guid AgencyId, Roles Roles, string JobTitle, LocalDate ValidFrom, LocalDate? ValidTo) : ICommand<Guid>;

/// <summary>Ends a membership with today as its last day, or at once; live connections of the account end too.</summary>
public sealed record EndMembership(Guid MembershipId, LocalDate LastDay, string Reason) : ICommand<Nothing>;

public sealed record RegisterPartnerClient(string ClientId, Guid AgencyId, string Name) : ICommand<Guid>;
