using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;

namespace OpenMash.Hub.Rooms.Governance;

/// <summary>A page with a form about a contact, enquiry or person, named by its reference (typed, or brought by a link as kind and id).</summary>
internal abstract class SubjectPage : HubPage
{
    [BindProperty, Display(Name = "Reference")]
    public string? Reference { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    /// <summary>Fills the reference from <c>?kind=contact&amp;id=…</c>, where the viewer may know of it.</summary>
    protected async Task TakeSubjectAsync(string? kind, Guid? id)
    {
        if (id is not { } given || await Subjects.FindAsync(Read, kind, given) is not { } subject) return;
        var rooms = HttpContext.RequestServices.GetRequiredService<Platform.Pipeline.RoomCatalogue>();
        // Information governance keeps the lists of what is sealed and held without opening any of it.
        if (Viewer.Has(Roles.InformationGovernance) || await Subjects.IsKnownToAsync(Read, rooms, subject, Viewer)) Reference = subject.Reference;
    }

    /// <summary>The subject typed; an unknown one is left to the command to refuse.</summary>
    protected async Task<Subject> SubjectAsync() => await Subjects.ByReferenceAsync(Read, Reference) ?? new Subject("", Guid.Empty, "");

    /// <summary>References and addresses of subjects, for lists.</summary>
    protected async Task<Dictionary<Guid, Subject>> SubjectsAsync(IEnumerable<(string Kind, Guid Id)> of)
    {
        var found = new Dictionary<Guid, Subject>();
        foreach (var (kind, id) in of.Distinct())
            if (await Subjects.FindAsync(Read, kind, id) is { } subject) found[id] = subject;
        return found;
    }

    protected async Task<Dictionary<Guid, string>> NamesAsync(IEnumerable<Guid> accounts)
    {
        var ids = accounts.Distinct().ToList();
        return await Read.Of<Account>().Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.FullName);
    }

    public string? UrlOf(string kind, Guid id) =>
        HttpContext.RequestServices.GetServices<ILinkSource>().Select(l => l.UrlOf(kind, id)).FirstOrDefault(u => u is not null);
}
