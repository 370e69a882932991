using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.Governance;

/// <summary>Agencies, memberships, settings, seals, break-glass, conflicts and the trail's reading room.</summary>
internal sealed class GovernanceRoom : IRoom
{
    public Room Room => Room.Governance;

    public void Register(RoomBuilder room)
    {
        room.Handles<SetUpHub, Guid, SetUpHubHandler>();
        room.Handles<ReportLockout, Nothing, ReportLockoutHandler>();
        room.Handles<InviteAccount, Guid, InviteAccountHandler>();
        room.Handles<ResetAccount, Nothing, ResetAccountHandler>();
        room.Handles<CloseAccount, Nothing, CloseAccountHandler>();

        room.Handles<AddAgency, Guid, AddAgencyHandler>();
        room.Handles<ChangeAgency, Nothing, ChangeAgencyHandler>();
        room.Handles<CloseAgency, Nothing, CloseAgencyHandler>();
        room.Handles<GrantMembership, Guid, GrantMembershipHandler>();
        room.Handles<ChangeRoles, Nothing, ChangeRolesHandler>();
        room.Handles<EndMembership, Nothing, EndMembershipHandler>();
        room.Handles<RegisterPartnerClient, Guid, RegisterPartnerClientHandler>();
        room.Handles<RenewPartnerSecret, Nothing, RenewPartnerSecretHandler>();
        room.Handles<ClosePartnerClient, Nothing, ClosePartnerClientHandler>();
        room.Handles<ProposeSetting, Guid, ProposeSettingHandler>();
        room.Handles<ApproveSetting, Nothing, ApproveSettingHandler>();

        room.Handles<SealSubject, Guid, SealSubjectHandler>();
        room.Handles<ClearPerson, Guid, ClearPersonHandler>();
        room.Handles<EndClearance, Nothing, EndClearanceHandler>();
        room.Handles<EndSeal, Nothing, EndSealHandler>();
        room.Handles<BreakTheGlass, GlassBroken, BreakTheGlassHandler>();
        room.Handles<ReviewBreakGlass, Nothing, ReviewBreakGlassHandler>();
        room.Handles<DeclareConflict, Guid, DeclareConflictHandler>();
        room.Handles<EndConflict, Nothing, EndConflictHandler>();
        room.Handles<PlaceEmbargo, Guid, PlaceEmbargoHandler>();
        room.Handles<EndEmbargo, Nothing, EndEmbargoHandler>();
        room.Handles<PlaceHold, Guid, PlaceHoldHandler>();
        room.Handles<EndHold, Nothing, EndHoldHandler>();
        room.Handles<OpenBreach, BreachOpened, OpenBreachHandler>();
        room.Handles<CloseBreach, Nothing, CloseBreachHandler>();
        room.Handles<DisposeTrailContent, Nothing, DisposeTrailContentHandler>();
        room.Handles<DisposeSubjectContent, int, DisposeSubjectContentHandler>();

        room.Listens<Records.Contacts.AllegationMade, AllegationShutsOut>();

        room.Navigates(new NavLink("Administration", "/admin/accounts", "a", 90, v => v.Has(Roles.Administrator)));
        room.Navigates(new NavLink("Governance", "/governance", "v", 91, v => v.Has(GovernanceModel.Roles)));
        room.Fills<Platform.Slots.ILinkSource, GovernanceLinks>();
    }
}

/// <summary>Addresses of this room's things.</summary>
internal sealed class GovernanceLinks : Platform.Slots.ILinkSource
{
    public string? UrlOf(string kind, Guid id) => kind switch
    {
        "Account" => $"/admin/accounts/{id}",
        "BreakGlass" => "/governance/break-glass",
        "Breach" => $"/governance/breaches/{id}",
        "ConflictOfInterest" => "/governance/conflicts",
        "SettingOverride" => "/admin/settings",
        "Seal" => $"/governance/seals/{id}",
        "TrailEntry" => $"/trail/entry/{id}",
        _ => null,
    };
}
