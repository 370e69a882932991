using System.Text.Json.Serialization;
using NodaTime;
using OpenMash.Records.Kernel;

namespace OpenMash.Records.Accounts;

public sealed record AddAgency(string Name, AgencyKind Kind, string Telephone, string? Email, bool IsHub, bool AnswersChecks) : ICommand<Guid>;

public sealed record ChangeAgency(Guid AgencyId, string Name, string Telephone, string? Email, bool AnswersChecks, Guid SeenVersion) : ICommand<Nothing>;

/// <summary>The agency no longer takes part; refused while anyone is a member of it.</summary>
public sealed record CloseAgency(Guid AgencyId, string Reason) : ICommand<Nothing>;

/// <summary>Gives an account a dated membership; the account is made beforehand by the framework's identity.</summary>
public sealed record GrantMembership(Guid AccountId, Guid AgencyId, Roles Roles, string JobTitle, LocalDate ValidFrom, LocalDate? ValidTo) : ICommand<Guid>;

/// <summary>Changes what a person does for their agency, from now on.</summary>
public sealed record ChangeRoles(Guid MembershipId, Roles Roles, string JobTitle, string Reason, Guid SeenVersion) : ICommand<Nothing>;

/// <summary>Ends a membership with today as its last day, or at once; live connections of the account end too.</summary>
public sealed record EndMembership(Guid MembershipId, LocalDate LastDay, string Reason) : ICommand<Nothing>;

/// <summary>
/// First-run set-up: the hub's own agency and the first administrator. Refused once anyone was an administrator. The password was hashed by whoever
/// took it in; it leaves no trace in receipts or trail.
/// </summary>
public sealed record SetUpHub(string AgencyName, string Telephone, string FullName, string Email, [property: JsonIgnore] string PasswordHash) : ICommand<Guid>;

/// <summary>Makes an account without a password, and its membership. A link for one use lets the person choose a password.</summary>
public sealed record InviteAccount(string FullName, string Email, Guid AgencyId, Roles Roles, string JobTitle, LocalDate ValidFrom, LocalDate? ValidTo) : ICommand<Guid>;

/// <summary>Takes password, second factor and sessions away, for someone who lost them; a new link opens the account again.</summary>
public sealed record ResetAccount(Guid AccountId, string Reason) : ICommand<Nothing>;

/// <summary>The account never signs in again; its memberships end.</summary>
public sealed record CloseAccount(Guid AccountId, string Reason) : ICommand<Nothing>;

/// <summary>Tells the administrators that an account was locked after failures.</summary>
public sealed record ReportLockout(Guid AccountId) : ICommand<Nothing>;

/// <summary>Registers a partner system; its secret is made apart and shown once.</summary>
public sealed record RegisterPartnerClient(string ClientId, Guid AgencyId, string Name) : ICommand<Guid>;

/// <summary>The secret is to be replaced by a new one, shown once.</summary>
public sealed record RenewPartnerSecret(Guid PartnerClientId, string Reason) : ICommand<Nothing>;

public sealed record ClosePartnerClient(Guid PartnerClientId, string Reason) : ICommand<Nothing>;
