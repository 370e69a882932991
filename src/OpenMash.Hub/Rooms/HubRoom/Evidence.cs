using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Files;

namespace OpenMash.Hub.Rooms.HubRoom;

/// <summary>One piece of evidence in the form that is hashed: canonical JSON, version 1, of what never changes in the item.</summary>
internal sealed record EvidenceItem(string Kind, Guid Id, string Canonical);

/// <summary>
/// Freezes what was known when a decision was made. Only identifiers and salted hashes are kept (practice rule 32): the items themselves stay where they are, and a
/// lawful disposal of one leaves the others provable.
/// </summary>
internal static class Evidence
{
    /// <summary>Everything the room held up to a sequence, in a fixed order.</summary>
    public static async Task<IReadOnlyList<EvidenceItem>> GatherAsync(RecordReader read, Guid enquiryId, CancellationToken ct = default)
    {
        var items = new List<EvidenceItem>();
        var enquiry = await read.Of<Enquiry>().SingleAsync(e => e.Id == enquiryId, ct);
        var contact = await read.Of<Contact>().SingleAsync(c => c.Id == enquiry.ContactId, ct);
        items.Add(Contact(contact));
        foreach (var check in await read.Of<AgencyCheck>().Where(c => c.EnquiryId == enquiryId).OrderBy(c => c.Id).ToListAsync(ct)) items.Add(Check(check));
        var contributions = await read.Of<Contribution>().Where(c => c.EnquiryId == enquiryId).OrderBy(c => c.Id).ToListAsync(ct);
        items.AddRange(contributions.Select(Contribution));
        var owners = contributions.Select(c => c.Id).ToArray();
        items.AddRange((await read.Of<StoredFile>().Where(f => f.OwnerKind == nameof(Contribution) && owners.Contains(f.OwnerId)).OrderBy(f => f.Id).ToListAsync(ct)).Select(File));
        items.AddRange((await read.Of<AgencyView>().Where(v => v.EnquiryId == enquiryId).OrderBy(v => v.Id).ToListAsync(ct)).Select(View));
        items.AddRange((await read.Of<RoomMessage>().Where(m => m.EnquiryId == enquiryId).OrderBy(m => m.Id).ToListAsync(ct)).Select(Message));
        var decisions = read.Of<RoomDecision>().Where(d => d.EnquiryId == enquiryId).Select(d => d.Id);
        items.AddRange((await read.Of<DecisionPosition>().Where(p => decisions.Contains(p.DecisionId)).OrderBy(p => p.Id).ToListAsync(ct)).Select(Position));
        return items;
    }

    public static byte[] Hash(byte[] salt, string canonical)
    {
        var text = Encoding.UTF8.GetBytes(canonical);
        return SHA256.HashData([.. salt, .. text]);
    }

    /// <summary>SHA-256 over order, kind, id and hash of each piece.</summary>
    public static byte[] HashOf(IEnumerable<DecisionEvidence> pieces)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var number = new byte[4];
        foreach (var piece in pieces.OrderBy(p => p.Order))
        {
            BinaryPrimitives.WriteInt32BigEndian(number, piece.Order);
            all.AppendData(number);
            all.AppendData(Encoding.UTF8.GetBytes(piece.Kind));
            all.AppendData(piece.ItemId.ToByteArray(bigEndian: true));
            all.AppendData(piece.Hash);
        }

        return all.GetHashAndReset();
    }

    /// <summary>Makes the rows of a decision's evidence and the hash over them.</summary>
    public static async Task<(List<DecisionEvidence> Pieces, byte[] Hash)> FreezeAsync(Act act, Guid enquiryId, Guid decisionId)
    {
        var pieces = new List<DecisionEvidence>();
        foreach (var item in await GatherAsync(act.Read, enquiryId))
        {
            var salt = RandomNumberGenerator.GetBytes(16);
            pieces.Add(new DecisionEvidence { Id = act.NewId(), DecisionId = decisionId, Order = pieces.Count + 1, Kind = item.Kind, ItemId = item.Id, Salt = salt, Hash = Hash(salt, item.Canonical) });
        }

        return (pieces, HashOf(pieces));
    }

    /// <summary>Compares the frozen evidence of a decision with the items as they stand: each piece with true (as it was), false (altered) or null (no longer there).</summary>
    public static async Task<EvidenceProof> ProveAsync(RecordReader read, RoomDecision decision, CancellationToken ct = default)
    {
        var pieces = await read.Of<DecisionEvidence>().Where(e => e.DecisionId == decision.Id).OrderBy(e => e.Order).ToListAsync(ct);
        var now = (await GatherAsync(read, decision.EnquiryId, ct)).ToDictionary(i => (i.Kind, i.Id), i => i.Canonical);
        var asked = await read.Of<AgencyCheck>().Where(c => c.EnquiryId == decision.EnquiryId).ToDictionaryAsync(c => c.Id, ct);
        var found = pieces.Select(p =>
        {
            // What was not got then may have come since: what is proved is that it was asked and missing.
            var canonical = p.Kind == "not-got" ? asked.TryGetValue(p.ItemId, out var check) ? NotGot(check).Canonical : null
                : now.GetValueOrDefault((p.Kind, p.ItemId));
            return (Piece: p, AsItWas: canonical is null ? (bool?)null : CryptographicOperations.FixedTimeEquals(p.Hash, Hash(p.Salt, canonical)));
        }).ToList();
        return new EvidenceProof(found, CryptographicOperations.FixedTimeEquals(decision.EvidenceHash, HashOf(pieces)));
    }

    private static EvidenceItem Contact(Contact c) => Make("contact", c.Id, new { c.Id, c.Reference, c.ReceivedAt, c.Words, c.Original });

    private static EvidenceItem Check(AgencyCheck c) => c.State switch
    {
        CheckState.Asked => NotGot(c),
        CheckState.Withdrawn => Make("withdrawn", c.Id, new { c.Id, c.AgencyId, c.Question, c.AskedAt, c.WithdrawnBecause }),
        _ => Make("answer", c.Id, new { c.Id, c.AgencyId, c.Question, c.AskedAt, state = c.State.ToString(), c.AnsweredAt, c.AnsweredBy, c.SignedAs, c.Answer, c.NotSharedBecause }),
    };

    private static EvidenceItem NotGot(AgencyCheck c) => Make("not-got", c.Id, new { c.Id, c.AgencyId, c.Question, c.AskedAt, c.DueAt });

    private static EvidenceItem Contribution(Contribution c) => Make("contribution", c.Id, new
    {
        c.Id,
        c.AgencyId,
        c.ByAccountId,
        c.Words,
        nature = c.Nature.ToString(),
        c.GivenBy,
        c.ThirdParties,
        c.HappenedOn,
        c.HappenedWhen,
        c.KnownAt,
        c.RecordedAt,
        maySee = c.MaySee.ToString(),
        c.NamedAgencies,
        c.CorrectsId,
    });

    private static EvidenceItem File(StoredFile f) => Make("file", f.Id, new { f.Id, f.OwnerId, f.Name, f.Length, f.Sha256 });

    private static EvidenceItem View(AgencyView v) => Make("view", v.Id, new { v.Id, v.AgencyId, v.ByAccountId, v.Level, v.Words, v.At, v.Blind });

    private static EvidenceItem Message(RoomMessage m) => Make("message", m.Id, new { m.Id, m.AgencyId, m.ByAccountId, m.Words, m.At });

    private static EvidenceItem Position(DecisionPosition p) => Make("position", p.Id, new { p.Id, p.DecisionId, p.AgencyId, p.ByAccountId, p.Agrees, p.Words, p.At });

    private static EvidenceItem Make(string kind, Guid id, object content) => new(kind, id, "v1 " + JsonSerializer.Serialize(content, HubJson.Options));
}

/// <summary>What comparing the frozen evidence with the record showed.</summary>
internal sealed record EvidenceProof(IReadOnlyList<(DecisionEvidence Piece, bool? AsItWas)> Pieces, bool ListIsWhole)
{
    public bool Holds => ListIsWhole && Pieces.All(p => p.AsItWas != false);
}
