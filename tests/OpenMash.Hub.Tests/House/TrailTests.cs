using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Record;
using OpenMash.Hub.Platform.Trail;
using OpenMash.Records.Contacts;
using OpenMash.Records.Trail;

namespace OpenMash.HubTests.House;

/// <summary>A record altered by someone with the database in their hands, its guards taken off: verification names what they did.</summary>
public class TrailTests
{
    private static SubmitContact Report(int i) => new() { Way = Way.PartnerForm, Words = $"Report number {i}.", Original = "{}", People = [new PersonIntake { GivenName = "Test" }] };

    /// <summary>Takes the guards off and runs SQL as the owner of the tables.</summary>
    private static async Task AlterAsync(TestHub hub, string sql)
    {
        await using var owner = RecordStore.OpenAsOwner(hub.Location);
        string[] off = hub.Location.Database == RecordDatabase.Sqlite
            ? ["guard_TrailEntry_UPDATE", "guard_TrailEntry_DELETE", "guard_TrailSeal_UPDATE", "guard_TrailSeal_DELETE", "guard_TrailContent_UPDATE", "guard_TrailContent_DELETE"]
            : ["TrailEntry", "TrailSeal", "TrailContent"];
        foreach (var name in off)
#pragma warning disable EF1002 // names of this file
            await owner.Database.ExecuteSqlRawAsync(hub.Location.Database == RecordDatabase.Sqlite ? $"DROP TRIGGER IF EXISTS \"{name}\"" : $"ALTER TABLE \"{name}\" DISABLE TRIGGER USER");
        Assert.True(await owner.Database.ExecuteSqlRawAsync(sql) > 0, "The alteration met no row: " + sql);
#pragma warning restore EF1002
    }

    private static async Task<TrailVerdict> VerifyAsync(TestHub hub)
    {
        await using var db = hub.Store.Open(0);
        return await TrailVerifier.VerifyAsync(db, hub.Authority, CancellationToken.None);
    }

    /// <summary>A hub with several seals; gives the position of an entry in the last of them.</summary>
    private static async Task<(TestHub Hub, long Position, Guid Id, long Seal)> ArrangeAsync(TestDatabase database)
    {
        var hub = await TestHub.StartAsync(database);
        for (var i = 0; i < 3; i++)
        {
            await hub.DoAsync("teacher", Report(i));
            await hub.WorkAsync();
        }

        await using var db = hub.Store.Open(hub.Authority);
        var entry = await db.Set<TrailEntry>().Where(e => e.AuthorityId == hub.Authority && e.Act == "SubmitContact").OrderByDescending(e => e.Position).FirstAsync();
        var seal = await db.Set<TrailSeal>().Where(s => s.AuthorityId == hub.Authority && s.FirstPosition <= entry.Position).OrderByDescending(s => s.Number).FirstAsync();
        var whole = await VerifyAsync(hub);
        Assert.Null(whole.Break);
        Assert.True(whole.Seals >= 3, $"{whole.Seals} seals");
        Assert.Equal(0, whole.Unsealed);
        return (hub, entry.Position, entry.Id, seal.Number);
    }

    [Theory, EachDatabase]
    public async Task An_altered_payload_is_named_by_its_position(TestDatabase database)
    {
        var (hub, position, _, _) = await ArrangeAsync(database);
        await using var _1 = hub;
        await AlterAsync(hub, $"UPDATE \"TrailEntry\" SET \"Payload\" = replace(\"Payload\", 'Person', 'System') WHERE \"Position\" = {position}");

        Assert.Equal($"Entry {position} (act SubmitContact) was altered: its payload does not give its hash.", (await VerifyAsync(hub)).Break);
    }

    [Theory, EachDatabase]
    public async Task A_payload_altered_together_with_its_hash_breaks_its_seal(TestDatabase database)
    {
        var (hub, position, _, seal) = await ArrangeAsync(database);
        await using var _1 = hub;
        await using (var db = hub.Store.Open(hub.Authority))
        {
            var payload = (await db.Set<TrailEntry>().SingleAsync(e => e.Position == position)).Payload.Replace("\"Person\"", "\"Pferson\"", StringComparison.Ordinal);
            var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(payload)));
            var literal = database == TestDatabase.Sqlite ? $"x'{hash}'" : $"'\\x{hash}'::bytea";
            await AlterAsync(hub, $"UPDATE \"TrailEntry\" SET \"Payload\" = '{payload.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal)}', \"Hash\" = {literal} WHERE \"Position\" = {position}");
        }

        Assert.Equal($"Seal {seal} was altered: its entries do not give its hash.", (await VerifyAsync(hub)).Break);
    }

    [Theory, EachDatabase]
    public async Task A_look_moved_to_another_person_or_subject_is_named(TestDatabase database)
    {
        var (hub, position, _, _) = await ArrangeAsync(database);
        await using var _1 = hub;
        await AlterAsync(hub, $"UPDATE \"TrailEntry\" SET \"SubjectId\" = NULL WHERE \"Position\" = {position}");

        Assert.Equal($"Entry {position} (act SubmitContact) was altered: its subject is not what its payload says.", (await VerifyAsync(hub)).Break);
    }

    [Theory, EachDatabase]
    public async Task A_deleted_entry_is_named(TestDatabase database)
    {
        var (hub, position, _, seal) = await ArrangeAsync(database);
        await using var _1 = hub;
        await AlterAsync(hub, $"DELETE FROM \"TrailEntry\" WHERE \"Position\" = {position}");

        Assert.Equal($"Entry {position}, sealed by seal {seal}, is missing.", (await VerifyAsync(hub)).Break);
    }

    [Theory, EachDatabase]
    public async Task An_altered_seal_is_named_and_so_is_a_deleted_one(TestDatabase database)
    {
        var (hub, _, _, seal) = await ArrangeAsync(database);
        await using var _1 = hub;
        var blob = database == TestDatabase.Sqlite ? "x'00'" : "'\\x00'::bytea";
        await AlterAsync(hub, $"UPDATE \"TrailSeal\" SET \"Hash\" = {blob} WHERE \"AuthorityId\" = 1 AND \"Number\" = {seal - 1}");
        Assert.Equal($"Seal {seal - 1} was altered: its entries do not give its hash.", (await VerifyAsync(hub)).Break);

        await AlterAsync(hub, $"DELETE FROM \"TrailSeal\" WHERE \"AuthorityId\" = 1 AND \"Number\" = {seal - 1}");
        Assert.Equal($"Seal {seal - 1} is missing: the next found is number {seal}.", (await VerifyAsync(hub)).Break);

        await AlterAsync(hub, $"UPDATE \"TrailSeal\" SET \"Number\" = {seal - 1} WHERE \"AuthorityId\" = 1 AND \"Number\" = {seal}");
        Assert.Equal($"Seal {seal - 1} does not follow from seal {seal - 2}: its previous hash differs.", (await VerifyAsync(hub)).Break);
    }

    [Theory, EachDatabase]
    public async Task Altered_content_is_named_and_so_is_content_gone_without_a_tombstone(TestDatabase database)
    {
        var (hub, position, id, _) = await ArrangeAsync(database);
        await using var _1 = hub;
        var key = database == TestDatabase.Sqlite ? $"x'{Convert.ToHexString(id.ToByteArray(true))}'" : $"'{id}'";
        await AlterAsync(hub, $"UPDATE \"TrailContent\" SET \"Content\" = replace(\"Content\", 'Tess', 'Bess') WHERE \"EntryId\" = {key}");
        Assert.Equal($"The content of entry {position} (act SubmitContact) was altered.", (await VerifyAsync(hub)).Break);

        await AlterAsync(hub, $"DELETE FROM \"TrailContent\" WHERE \"EntryId\" = {key}");
        Assert.Equal($"The content of entry {position} (act SubmitContact) is gone without a tombstone.", (await VerifyAsync(hub)).Break);
    }
}
