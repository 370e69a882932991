using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Files;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.FrontDoor.WaysIn;

/// <summary>Takes a bulk file in, in one transaction: nothing is dropped and nothing is half there.</summary>
internal sealed class ImportContactsHandler : Handler<ImportContacts, ContactsImported>
{
    private List<BulkRow> _rows = [];

    public override ValueTask<string?> AuthoriseAsync(ImportContacts command, Act act)
    {
        if (act.Actor.IsSystem || act.Actor.WorksInHub) return ValueTask.FromResult<string?>(null);
        return ValueTask.FromResult(act.Actor.AgencyId == command.AgencyId && act.Actor.Has(Roles.Referrer)
            ? null
            : $"A file of notifications may be sent by the agency itself or by the hub. You are {act.Actor.Describe()}.");
    }

    public override async ValueTask CheckAsync(ImportContacts command, Problems problems, Act act)
    {
        if (!await act.Read.Of<Agency>().AnyAsync(a => a.Id == command.AgencyId))
            problems.Add("AgencyId", "Choose the agency whose notifications these are.");
        var before = await act.Read.Of<ImportBatch>().Where(b => b.Sha256 == command.Sha256).OrderBy(b => b.At).FirstOrDefaultAsync();
        if (before is not null)
            problems.Add("File", $"This very file was taken in before ({before.FileName}, {before.Rows} rows). Nothing was taken in again.");
        try
        {
            _rows = BulkFile.Read(command.Text);
        }
        catch (UnreadableFileException e)
        {
            problems.Add("File", e.Message);
        }
    }

    public override async Task<Outcome<ContactsImported>> HandleAsync(ImportContacts command, Act act)
    {
        var batchId = act.NewId();
        var known = await act.Read.Of<Contact>()
            .Where(c => c.AgencyId == command.AgencyId && c.SenderReference != null)
            .Select(c => c.SenderReference!)
            .Distinct()
            .ToListAsync();
        var references = known.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var transmitted = command.TransmittedAt is { } at && at <= act.Now ? at : act.Now;
        act.Write.Add(new ImportBatch
        {
            Id = batchId,
            FileName = command.FileName,
            Sha256 = command.Sha256,
            AgencyId = command.AgencyId,
            At = act.Now,
            ByAccountId = act.Actor.AccountId ?? Guid.Empty,
            Rows = _rows.Count,
            Understood = _rows.Count(r => r.Report is not null),
            NeedReading = _rows.Count(r => r.Report is null),
            Repeats = _rows.GroupBy(r => r.Report?.SenderReference, StringComparer.OrdinalIgnoreCase).Where(g => g.Key is not null).Sum(g => references.Contains(g.Key!) ? g.Count() : g.Count() - 1),
        });
        var results = new List<ImportedRow>(_rows.Count);
        foreach (var row in _rows)
        {
            var report = (row.Report ?? new SubmitContact { Way = Way.File, Words = Shorten(row.Raw), Original = row.Raw, NeedsReading = true }) with
            {
                AgencyId = command.AgencyId,
                BatchId = batchId,
                BatchRow = row.Number,
                TransmittedAt = transmitted,
            };
            var note = row.Problem;
            // The sender's clock may be wrong; a time that cannot be is not taken, and said.
            if (report.ReceivedAt is { } received && (received > act.Now || received < act.Now - Duration.FromDays(366)))
            {
                note = "Its time of receipt cannot be right; it counts from the transmission.";
                report = report with { ReceivedAt = null };
            }

            if (report.SenderReference is { } reference && !references.Add(reference))
            {
                note = note is null ? $"A repeat of {reference}: grouped for one reader." : note + $" A repeat of {reference}.";
            }

            var added = await SubmitContactHandler.AddAsync(report with { ReceivedAt = report.ReceivedAt ?? transmitted }, act);
            results.Add(new ImportedRow(row.Number, added.ContactId, added.Reference, row.Report is null, note));
        }

        act.About("ImportBatch", batchId);
        return new ContactsImported(batchId, results);
    }

    private static string Shorten(string raw) => raw.Length <= SubmitContactHandler.MostWords ? raw : raw[..SubmitContactHandler.MostWords];
}
