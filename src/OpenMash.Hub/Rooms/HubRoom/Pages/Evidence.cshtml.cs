using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Enquiries;

namespace OpenMash.Hub.Rooms.HubRoom.Pages;

public sealed record EvidenceRow(int Order, string Kind, string Hash, bool? AsItWas);

/// <summary>What a decision rested on: each piece by hash, compared with the record as it stands.</summary>
[Allow(RoomActs.HubTeam, "see the evidence of a decision", hub: true)]
[Witnessed]
public sealed class EvidenceModel : HubPage
{
    [BindProperty(SupportsGet = true)] public Guid Id { get; set; }

    [BindProperty(SupportsGet = true)] public Guid DecisionId { get; set; }

    public string Reference { get; private set; } = "";
    public int Number { get; private set; }
    public string Hash { get; private set; } = "";
    public bool Holds { get; private set; }
    public bool ListIsWhole { get; private set; }
    public IReadOnlyList<EvidenceRow> Rows { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        var ct = HttpContext.RequestAborted;
        var verdict = await Read.VerdictAsync<Enquiry>(Viewer, Id, ct);
        if (verdict.Level < AccessLevel.Read) return Deny(verdict);
        if (await Read.Visible<RoomDecision>(Viewer).SingleOrDefaultAsync(d => d.Id == DecisionId && d.EnquiryId == Id, ct) is not { } decision) return NotFound();
        Reference = await Read.Of<Enquiry>().Where(e => e.Id == Id).Select(e => e.Reference).SingleAsync(ct);
        var proof = await Evidence.ProveAsync(Read, decision, ct);
        (Number, Hash, Holds, ListIsWhole) = (decision.Number, Convert.ToHexStringLower(decision.EvidenceHash), proof.Holds, proof.ListIsWhole);
        Rows = [.. proof.Pieces.Select(p => new EvidenceRow(p.Piece.Order, p.Piece.Kind, Convert.ToHexStringLower(p.Piece.Hash), p.AsItWas))];
        await ViewedAsync(nameof(RoomDecision), DecisionId, "view evidence");
        return Page();
    }
}
