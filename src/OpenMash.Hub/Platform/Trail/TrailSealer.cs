using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Record;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;
using OpenMash.Records.Trail;

namespace OpenMash.Hub.Platform.Trail;

/// <summary>The arithmetic of the chain, shared by the sealer and the verifier.</summary>
public static class TrailChain
{
    /// <summary>SHA-256 over: previous hash, authority, number, and for each entry in order its position and hash.</summary>
    public static byte[] HashOf(byte[] previous, short authority, long number, IEnumerable<(long Position, byte[] Hash)> entries)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        hash.AppendData(BitConverter.GetBytes(authority));
        hash.AppendData(BitConverter.GetBytes(number));
        foreach (var (position, entryHash) in entries)
        {
            hash.AppendData(BitConverter.GetBytes(position));
            hash.AppendData(entryHash);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Ascending positions as differences, seven bits a byte.</summary>
    public static byte[] Pack(IReadOnlyList<long> positions)
    {
        using var stream = new MemoryStream(positions.Count + 8);
        using var writer = new BinaryWriter(stream);
        long before = 0;
        foreach (var position in positions)
        {
            writer.Write7BitEncodedInt64(position - before);
            before = position;
        }

        writer.Flush();
        return stream.ToArray();
    }

    public static List<long> Unpack(byte[] packed, int count)
    {
        var positions = new List<long>(count);
        using var reader = new BinaryReader(new MemoryStream(packed));
        long at = 0;
        for (var i = 0; i < count; i++) positions.Add(at += reader.Read7BitEncodedInt64());
        return positions;
    }
}

/// <summary>
/// One sealer an authority: within a second it appends a seal over what was committed since. Rows of a slow transaction can appear below positions
/// already sealed; they are found by looking back and sealed by a later seal.
/// </summary>
public sealed partial class TrailSealer(RecordStore store, IClock clock, ILogger<TrailSealer> log) : BackgroundService
{
    private const int MostInASeal = 5000;
    private const long LookBackPositions = 20_000;
    private const long LockKey = 0x6D617368_02;

    /// <summary>Seals what is unsealed of every authority; returns how many entries.</summary>
    public async Task<int> SealAllAsync(CancellationToken ct, bool lookBack = true)
    {
        short[] authorities;
        await using (var db = store.Open(0))
            authorities = await db.Set<Authority>().AsNoTracking().OrderBy(a => a.Id).Select(a => a.Id).ToArrayAsync(ct);

        var sealedNow = 0;
        foreach (var authority in authorities.Prepend((short)0))
        {
            int step;
            do
            {
                step = await SealOnceAsync(authority, lookBack, ct);
                sealedNow += step;
            }
            while (step == MostInASeal);
        }

        return sealedNow;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(700));
        var round = 0;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SealAllAsync(stoppingToken, lookBack: round++ % 40 == 0);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogSealingFailed(log, e);
            }
        }
    }

    private async Task<int> SealOnceAsync(short authority, bool lookBack, CancellationToken ct)
    {
        if (!lookBack && !await AnyNewAsync(authority, ct)) return 0;
        await using var db = store.Open(authority);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!store.IsSqlite)
        {
            var mine = await db.Database.SqlQuery<bool>($"""SELECT pg_try_advisory_xact_lock({LockKey + authority}) AS "Value" """).SingleAsync(ct);
            if (!mine) return 0;
        }

        var last = await db.Set<TrailSeal>().AsNoTracking().Where(s => s.AuthorityId == authority).OrderByDescending(s => s.Number).FirstOrDefaultAsync(ct);
        var top = last?.LastPosition ?? 0;
        var from = lookBack ? Math.Max(0, top - LookBackPositions) : top;
        var recent = new HashSet<long>();
        if (lookBack)
        {
            foreach (var seal in await db.Set<TrailSeal>().AsNoTracking()
                         .Where(s => s.AuthorityId == authority && s.LastPosition >= from).Select(s => new { s.Positions, s.Count }).ToListAsync(ct))
                recent.UnionWith(TrailChain.Unpack(seal.Positions, seal.Count));
        }

        // New rows come in order of position; late ones lie in the look-back window and are not in any seal of it.
        var candidates = await db.Set<TrailEntry>().AsNoTracking()
            .Where(e => e.AuthorityId == authority && e.Position > from)
            .OrderBy(e => e.Position)
            .Select(e => e.Position)
            .Take((int)LookBackPositions + MostInASeal)
            .ToListAsync(ct);
        var positions = candidates.Where(p => !recent.Contains(p)).Take(MostInASeal).ToList();
        if (positions.Count == 0) return 0;

        var (low, high) = (positions[0], positions[^1]);
        var hashes = await db.Set<TrailEntry>().AsNoTracking()
            .Where(e => e.AuthorityId == authority && e.Position >= low && e.Position <= high)
            .Select(e => new { e.Position, e.Hash })
            .ToDictionaryAsync(e => e.Position, e => e.Hash, ct);
        var number = (last?.Number ?? 0) + 1;
        var previous = last?.Hash ?? new byte[32];
        db.Add(new TrailSeal
        {
            AuthorityId = authority,
            Number = number,
            At = clock.GetCurrentInstant(),
            FirstPosition = positions[0],
            LastPosition = Math.Max(positions[^1], top),
            Count = positions.Count,
            Positions = TrailChain.Pack(positions),
            PreviousHash = previous,
            Hash = TrailChain.HashOf(previous, authority, number, positions.Select(p => (p, hashes[p]))),
        });
#pragma warning disable RS0030 // the sealer is Platform's own and writes seals only
        await db.SaveChangesAsync(ct);
#pragma warning restore RS0030
        await transaction.CommitAsync(ct);
        return positions.Count;
    }

    private async Task<bool> AnyNewAsync(short authority, CancellationToken ct)
    {
        await using var db = store.Open(authority);
        var top = await db.Set<TrailSeal>().AsNoTracking().Where(s => s.AuthorityId == authority).MaxAsync(s => (long?)s.LastPosition, ct) ?? 0;
        return await db.Set<TrailEntry>().AsNoTracking().AnyAsync(e => e.AuthorityId == authority && e.Position > top, ct);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Sealing the trail failed; it is tried again within a second.")]
    private static partial void LogSealingFailed(ILogger logger, Exception exception);
}

/// <summary>What a verification found.</summary>
/// <param name="Authority">The authority, or 0 for the installation's own acts.</param>
/// <param name="Seals">How many seals were checked.</param>
/// <param name="Entries">How many entries they cover.</param>
/// <param name="Unsealed">Entries not yet covered by a seal.</param>
/// <param name="OldestUnsealed">When the oldest of them was made.</param>
/// <param name="Disposed">Entries whose personal content was lawfully disposed of; their hashes still hold.</param>
/// <param name="Break">The first broken link in words, or null if the chain is whole.</param>
public sealed record TrailVerdict(short Authority, long Seals, long Entries, long Unsealed, Instant? OldestUnsealed, long Disposed, string? Break);

/// <summary>Proves the chain, or names its first broken link.</summary>
public static class TrailVerifier
{
    public static async Task<TrailVerdict> VerifyAsync(RecordContext db, short authority, CancellationToken ct)
    {
        var previous = new byte[32];
        long seals = 0, entries = 0, disposed = 0;
        var seen = new HashSet<long>();
        string? broken = null;
        await foreach (var seal in SealsAsync(db, authority, ct))
        {
            if (seal.Number != seals + 1)
            {
                broken = $"Seal {seals + 1} is missing: the next found is number {seal.Number}.";
                break;
            }

            if (!seal.PreviousHash.AsSpan().SequenceEqual(previous))
            {
                broken = $"Seal {seal.Number} does not follow from seal {seal.Number - 1}: its previous hash differs.";
                break;
            }

            List<long> positions;
            try
            {
                positions = TrailChain.Unpack(seal.Positions, seal.Count);
            }
            catch (Exception e) when (e is EndOfStreamException or FormatException)
            {
                broken = $"Seal {seal.Number} was altered: the list of its entries cannot be read.";
                break;
            }

            var low = positions.Count == 0 ? 0 : positions[0];
            var high = positions.Count == 0 ? 0 : positions[^1];
            var rows = await db.Set<TrailEntry>().AsNoTracking()
                .Where(e => e.AuthorityId == authority && e.Position >= low && e.Position <= high)
                .ToDictionaryAsync(e => e.Position, ct);
            foreach (var position in positions)
            {
                if (!rows.TryGetValue(position, out var row))
                {
                    broken = $"Entry {position}, sealed by seal {seal.Number}, is missing.";
                    break;
                }

                if (!SHA256.HashData(Encoding.UTF8.GetBytes(row.Payload)).AsSpan().SequenceEqual(row.Hash))
                {
                    broken = $"Entry {position} (act {row.Act}) was altered: its payload does not give its hash.";
                    break;
                }

                if (ColumnThatDiffers(row) is { } column)
                {
                    broken = $"Entry {position} (act {row.Act}) was altered: its {column} is not what its payload says.";
                    break;
                }

                if (!seen.Add(position))
                {
                    broken = $"Entry {position} is sealed twice, the second time by seal {seal.Number}.";
                    break;
                }
            }

            if (broken is not null) break;
            var content = await ContentBreakAsync(db, authority, rows, positions, ct);
            disposed += content.Disposed;
            if (content.Break is not null)
            {
                broken = content.Break;
                break;
            }

            if (!TrailChain.HashOf(previous, authority, seal.Number, positions.Select(p => (p, rows[p].Hash))).AsSpan().SequenceEqual(seal.Hash))
            {
                broken = $"Seal {seal.Number} was altered: its entries do not give its hash.";
                break;
            }

            previous = seal.Hash;
            seals++;
            entries += positions.Count;
        }

        var all = await db.Set<TrailEntry>().AsNoTracking().Where(e => e.AuthorityId == authority).LongCountAsync(ct);
        Instant? oldest = null;
        if (broken is null && all > entries)
        {
            await foreach (var entry in db.Set<TrailEntry>().AsNoTracking().Where(e => e.AuthorityId == authority).OrderBy(e => e.Position).Select(e => new { e.Position, e.At }).AsAsyncEnumerable().WithCancellation(ct))
            {
                if (seen.Contains(entry.Position)) continue;
                oldest = entry.At;
                break;
            }
        }

        return new TrailVerdict(authority, seals, entries, broken is null ? all - entries : 0, oldest, disposed, broken);
    }

    /// <summary>In batches: on PostgreSQL a connection answers one question at a time, and each seal asks more.</summary>
    private static async IAsyncEnumerable<TrailSeal> SealsAsync(RecordContext db, short authority, [EnumeratorCancellation] CancellationToken ct)
    {
        var last = long.MinValue;
        while (true)
        {
            var batch = await db.Set<TrailSeal>().AsNoTracking()
                .Where(s => s.AuthorityId == authority && s.Number > last)
                .OrderBy(s => s.Number)
                .Take(64)
                .ToListAsync(ct);
            foreach (var seal in batch) yield return seal;
            if (batch.Count == 0) yield break;
            last = batch[^1].Number;
        }
    }

    /// <summary>The columns by which people search are copies of what the payload says; a copy that differs would hide a look from the lists.</summary>
    private static string? ColumnThatDiffers(TrailEntry row)
    {
        using var payload = System.Text.Json.JsonDocument.Parse(row.Payload);
        var root = payload.RootElement;
        var said = (string name) => root.TryGetProperty(name, out var value) ? value.ToString() : null;
        if (said("id") != row.Id.ToString()) return "identifier";
        if (said("at") != NodaTime.Text.InstantPattern.ExtendedIso.Format(row.At)) return "time";
        if (said("kind") != row.Kind.ToString()) return "kind";
        if (said("act") != row.Act) return "act";
        if (said("account") != row.AccountId?.ToString()) return "account";
        if (said("agency") != row.AgencyId?.ToString()) return "agency";
        if (said("subject") != row.SubjectId?.ToString()) return "subject";
        return said("subjectKind") != row.SubjectKind ? "kind of subject" : null;
    }

    private static async Task<(long Disposed, string? Break)> ContentBreakAsync(
        RecordContext db, short authority, Dictionary<long, TrailEntry> rows, List<long> positions, CancellationToken ct)
    {
        var ids = positions.Select(p => rows[p].Id).ToList();
        long disposed = 0;
        foreach (var chunk in ids.Chunk(500))
        {
            var contents = await db.Set<TrailContent>().AsNoTracking().Where(c => c.AuthorityId == authority && chunk.Contains(c.EntryId)).ToDictionaryAsync(c => c.EntryId, ct);
            foreach (var row in positions.Select(p => rows[p]).Where(r => chunk.Contains(r.Id)))
            {
                using var payload = System.Text.Json.JsonDocument.Parse(row.Payload);
                if (!payload.RootElement.TryGetProperty("content", out var hash)) continue;
                if (!contents.TryGetValue(row.Id, out var content))
                    return (disposed, $"The content of entry {row.Position} (act {row.Act}) is gone without a tombstone.");
                if (content.DisposedAt is not null)
                {
                    disposed++;
                    continue;
                }

                if (content.Content is null || content.Salt is null || Convert.ToHexStringLower(TrailWriter.Salted(content.Salt, content.Content)) != hash.GetString())
                    return (disposed, $"The content of entry {row.Position} (act {row.Act}) was altered.");
            }
        }

        return (disposed, null);
    }
}
