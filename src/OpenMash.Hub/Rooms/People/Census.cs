using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;
using OpenMash.Engines.Returns.Cin;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Governance;
using OpenMash.Records.People;
using OpenMash.Records.Returns;

namespace OpenMash.Hub.Rooms.People;

/// <summary>
/// Finds or makes the person of each child of a census file: by the authority's local identifier, else by UPN, never by a birth date (practice rule 23). A UPN alone
/// joins nobody who has another local identifier, another birth date, or a sealed record. Names are not in a census and are not invented.
/// </summary>
internal sealed class CensusChildren : Listener<CensusRead>
{
    private const int Chunk = 400;

    public override async Task HandleAsync(CensusRead happened, Act act)
    {
        var file = new File(act, happened);
        await file.LoadAsync();
        await file.RecordAsync();
    }

    private static string UpnKey(string upn) => upn.ToUpperInvariant();

    /// <summary>A person whom children of the file can turn out to be: of the register, or first met in this file.</summary>
    private sealed class Known(Guid id)
    {
        public Guid Id { get; } = id;
        public Person? Row { get; set; }
        public LocalDate? BirthDate { get; set; }
        public bool IsUnborn { get; set; }

        /// <summary>A child of this file with another local identifier was joined to them by UPN; a second one is not.</summary>
        public bool Claimed { get; set; }

        public List<(IdentifierKind Kind, string Value, string? Issuer)> Identifiers { get; } = [];
    }

    private sealed class File(Act act, CensusRead happened)
    {
        private readonly Dictionary<Guid, Known> _people = [];
        private readonly Dictionary<string, Known> _byLocal = new(StringComparer.Ordinal);
        private readonly Dictionary<string, Known> _byUpn = new(StringComparer.Ordinal);
        private readonly List<CensusProblem> _problems = [];
        private readonly HashSet<Guid> _sealed = [];
        private readonly string _source = happened.Source ?? $"census {happened.Return.Year}";
        private string _own = "";

        public async Task LoadAsync()
        {
            _own = (await act.Read.Of<Authority>().SingleAsync(a => a.Id == act.Actor.AuthorityId)).Code;
            _sealed.UnionWith(await act.Read.Of<Seal>().Where(s => s.EndedAt == null).Select(s => s.SubjectId).ToListAsync());
            var children = happened.Return.Children;
            var values = children.Select(c => c.LAchildID)
                .Concat(children.SelectMany(c => new[] { c.Upn, c.FormerUpn }).OfType<string>().Select(UpnKey))
                .Distinct(StringComparer.Ordinal);
            var found = new List<PersonIdentifier>();
            foreach (var chunk in values.Chunk(Chunk))
                found.AddRange(await act.Read.Of<PersonIdentifier>().Where(i => i.EndedAt == null && chunk.Contains(i.Value)).ToListAsync());
            foreach (var chunk in found.Select(i => i.PersonId).Distinct().Chunk(Chunk))
            {
                foreach (var person in await act.Write.LoadAsync<Person>(p => chunk.Contains(p.Id)))
                    _people[person.Id] = new Known(person.Id) { Row = person, BirthDate = person.BirthDate, IsUnborn = person.BirthDate is null && person.ExpectedDate is not null };
                foreach (var i in await act.Read.Of<PersonIdentifier>().Where(i => i.EndedAt == null && chunk.Contains(i.PersonId)).ToListAsync())
                    _people[i.PersonId].Identifiers.Add((i.Kind, i.Value, i.Issuer));
            }

            // The person recorded first wins where the register itself has an identifier twice.
            foreach (var person in _people.Values.OrderBy(p => p.Row!.CreatedAt).ThenBy(p => p.Row!.Reference, StringComparer.Ordinal))
            {
                foreach (var (kind, value, issuer) in person.Identifiers) Index(person, kind, value, issuer);
            }
        }

        public async Task RecordAsync()
        {
            var children = happened.Return.Children;
            var matched = new (Known Person, bool IsNew)[children.Count];
            for (var i = 0; i < children.Count; i++) matched[i] = Match(children[i]);
            var references = new Queue<string>(await act.NextPlainReferencesAsync("P", matched.Count(m => m.IsNew)));
            var known = new List<CensusChildKnown>(children.Count);
            foreach (var (child, (person, isNew)) in children.Zip(matched))
            {
                var state = isNew ? Add(person, child, references.Dequeue()) : Complete(person, child) ? CensusChildState.Changed : CensusChildState.Known;
                known.Add(new CensusChildKnown(person.Id, state, child));
            }

            act.Raise(new CensusChildrenKnown { ImportId = happened.ImportId, Year = happened.Return.Year, IsLatest = happened.IsLatest, Children = known, Problems = _problems });
        }

        private (Known Person, bool IsNew) Match(CinChild child)
        {
            if (_byLocal.TryGetValue(child.LAchildID, out var local))
            {
                if (local.Row is null) Problem(child, "LAchildID", child.LAchildID, "The file has this local identifier twice; both entries were taken for one child.");
                return (local, false);
            }

            if (ByUpn(child) is { } same)
            {
                same.Claimed = true;
                Index(same, IdentifierKind.LocalAuthorityChildId, child.LAchildID, happened.Issuer);
                return (same, false);
            }

            var person = new Known(act.NewId()) { BirthDate = child.BirthDate, IsUnborn = child.IsUnborn };
            Remember(person, IdentifierKind.LocalAuthorityChildId, child.LAchildID, happened.Issuer);
            if (child.Upn is { } upn) Remember(person, IdentifierKind.Upn, UpnKey(upn), null);
            return (person, true);
        }

        private Known? ByUpn(CinChild child)
        {
            if (child.Upn is not { } upn || !_byUpn.TryGetValue(UpnKey(upn), out var found)) return null;
            // Of a sealed record nothing is said here, not even that it exists.
            if (_sealed.Contains(found.Id)) return null;
            if (found.Claimed || found.Identifiers.Any(i => i.Kind == IdentifierKind.LocalAuthorityChildId && IsOfIssuer(i.Issuer)))
            {
                Problem(child, "UPN", upn, "Another child with another local identifier has this UPN. They were not joined: a person must say whether they are one child.");
                return null;
            }

            if (found.IsUnborn || child.IsUnborn || (found.BirthDate is { } a && child.BirthDate is { } b && a != b))
            {
                Problem(child, "UPN", upn, "Someone in the register has this UPN and another date of birth. They were not joined: a person must say whether they are one child.");
                return null;
            }

            return found;
        }

        private CensusChildState Add(Known person, CinChild child, string reference)
        {
            person.Row = act.Write.Add(new Person
            {
                Id = person.Id,
                Reference = reference,
                BirthDate = child.BirthDate,
                ExpectedDate = child.BirthDate is null ? child.ExpectedBirthDate : null,
                DeathDate = child.DeathDate,
                Sex = child.SexCode,
                Ethnicity = child.Ethnicity,
                Disabilities = [.. child.Disabilities],
                Source = _source,
                CreatedAt = act.Now,
                ChangedAt = act.Now,
            });
            foreach (var (kind, value, issuer) in Identifiers(child)) AddIdentifier(person, kind, value, issuer);
            return CensusChildState.New;
        }

        /// <summary>Fills gaps; a file of the latest year also replaces what an earlier file said. True where something changed.</summary>
        private bool Complete(Known known, CinChild child)
        {
            var person = known.Row!;
            var replaces = happened.IsLatest && person.Source.StartsWith("census ", StringComparison.Ordinal);
            var changed = false;
            void Set<T>(T old, T fresh, bool isGap, Action<T> set)
            {
                if (fresh is null || (!isGap && !replaces) || EqualityComparer<T>.Default.Equals(old, fresh)) return;
                set(fresh);
                changed = true;
            }

            if (person.BirthDate is { } born && child.BirthDate is { } said && born != said)
            {
                Problem(child, "PersonBirthDate", LocalDatePattern.Iso.Format(said), replaces
                    ? "An earlier file had another date of birth; this one was taken, the earlier is in the trail."
                    : "The record has another date of birth, which was kept.");
            }

            Set(person.BirthDate, child.BirthDate, person.BirthDate is null, d => person.BirthDate = d);
            if (person.BirthDate is null) Set(person.ExpectedDate, child.ExpectedBirthDate, person.ExpectedDate is null, d => person.ExpectedDate = d);
            Set(person.DeathDate, child.DeathDate, person.DeathDate is null, d => person.DeathDate = d);
            if (child.SexCode is not "U") Set(person.Sex, child.SexCode, person.Sex is null or "U", s => person.Sex = s);
            if (person.Sex is null) Set(person.Sex, child.SexCode, true, s => person.Sex = s);
            if (child.Ethnicity is not ("NOBT" or "REFU") || person.Ethnicity is null)
                Set(person.Ethnicity, child.Ethnicity, person.Ethnicity is null or "NOBT" or "REFU", s => person.Ethnicity = s);
            if (child.Disabilities.Count > 0 && (person.Disabilities.Count == 0 || replaces) && !person.Disabilities.SequenceEqual(child.Disabilities, StringComparer.Ordinal))
            {
                person.Disabilities = [.. child.Disabilities];
                changed = true;
            }

            foreach (var (kind, value, issuer) in Identifiers(child))
            {
                if (known.Identifiers.Any(i => i.Kind == kind && i.Value == value && (kind != IdentifierKind.LocalAuthorityChildId || IsOfIssuer(i.Issuer)))) continue;
                AddIdentifier(known, kind, value, issuer);
                changed = true;
            }

            if (changed) person.ChangedAt = act.Now;
            return changed;
        }

        private IEnumerable<(IdentifierKind Kind, string Value, string? Issuer)> Identifiers(CinChild child)
        {
            yield return (IdentifierKind.LocalAuthorityChildId, child.LAchildID, happened.Issuer);
            if (child.Upn is { } upn) yield return (IdentifierKind.Upn, UpnKey(upn), null);
            if (child.FormerUpn is { } former) yield return (IdentifierKind.FormerUpn, UpnKey(former), null);
        }

        private void AddIdentifier(Known person, IdentifierKind kind, string value, string? issuer)
        {
            if (!person.Identifiers.Contains((kind, value, issuer))) person.Identifiers.Add((kind, value, issuer));
            act.Write.Add(new PersonIdentifier { Id = act.NewId(), PersonId = person.Id, Kind = kind, Value = value, Issuer = issuer, Source = _source, RecordedAt = act.Now });
        }

        private void Remember(Known person, IdentifierKind kind, string value, string? issuer)
        {
            person.Identifiers.Add((kind, value, issuer));
            Index(person, kind, value, issuer);
        }

        private void Index(Known person, IdentifierKind kind, string value, string? issuer)
        {
            if (kind == IdentifierKind.LocalAuthorityChildId && IsOfIssuer(issuer)) _byLocal.TryAdd(value, person);
            else if (kind is IdentifierKind.Upn or IdentifierKind.FormerUpn) _byUpn.TryAdd(UpnKey(value), person);
        }

        private bool IsOfIssuer(string? issuer) => (issuer ?? _own) == happened.Issuer;

        private void Problem(CinChild child, string element, string? value, string message) => _problems.Add(new CensusProblem(child.Line, element, child.LAchildID, value, message));
    }
}
