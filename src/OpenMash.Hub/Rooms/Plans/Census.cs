using NodaTime;
using OpenMash.Engines.Returns.Cin;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;
using OpenMash.Records.Plans;
using OpenMash.Records.Returns;

namespace OpenMash.Hub.Rooms.Plans;

/// <summary>
/// Takes the episodes of a census file over. The census gives them no identifiers, so a child's episode is known again by its referral date and what is in it by its
/// kind and first day: a later year's file fills in ends and adds what is new.
/// </summary>
internal sealed class CensusHistory : Listener<CensusChildrenKnown>
{
    private const int Chunk = 400;

    public override async Task HandleAsync(CensusChildrenKnown happened, Act act)
    {
        var file = new File(act, happened);
        await file.LoadAsync();
        foreach (var child in happened.Children)
        {
            foreach (var episode in child.Child.Episodes) file.Take(child, episode);
        }

        act.Raise(new PlansBrought(file.OpenPlans));
        act.Raise(new CensusHistoryKept(happened.ImportId, file.Tallies, file.Problems));
    }

    /// <summary>Counts of one kind, and the rows of the record by what they are known again by.</summary>
    private sealed class Shelf<TKey, TRow>(CensusKind kind)
        where TKey : notnull
        where TRow : DomainRow
    {
        private readonly HashSet<TKey> _inFile = [];
        private int _read, _added, _changed, _leftOut;

        public Dictionary<TKey, TRow> Rows { get; } = [];

        public CensusTally Tally => new(kind, _read, _added, _changed, _leftOut);

        public void LeaveOut()
        {
            _read++;
            _leftOut++;
        }

        /// <summary>The row of a key, made or brought up to date. False where the same file had the key before.</summary>
        public bool Take(TKey key, Func<TRow> make, Func<TRow, bool> complete, out TRow row)
        {
            _read++;
            var first = _inFile.Add(key);
            if (!Rows.TryGetValue(key, out row!))
            {
                Rows[key] = row = make();
                _added++;
            }
            else if (!first)
            {
                _leftOut++;
            }
            else if (complete(row))
            {
                _changed++;
            }

            return first;
        }
    }

    private sealed class File(Act act, CensusChildrenKnown happened)
    {
        private readonly Shelf<(Guid, LocalDate), ReferralEpisode> _episodes = new(CensusKind.Episode);
        private readonly Shelf<(Guid, LocalDate), Assessment> _assessments = new(CensusKind.Assessment);
        private readonly Shelf<(Guid, LocalDate), Section47> _enquiries = new(CensusKind.Section47);
        private readonly Shelf<(Guid, LocalDate), Plan> _needPlans = new(CensusKind.ChildInNeedPlan);
        private readonly Shelf<(Guid, LocalDate), Plan> _protectionPlans = new(CensusKind.ChildProtectionPlan);
        private readonly Shelf<(Guid, LocalDate), PlanReview> _reviews = new(CensusKind.Review);
        private readonly List<CensusProblem> _problems = [];

        public IReadOnlyList<CensusTally> Tallies => [_episodes.Tally, _assessments.Tally, _enquiries.Tally, _needPlans.Tally, _protectionPlans.Tally, _reviews.Tally];

        public IReadOnlyList<CensusProblem> Problems => _problems;

        /// <summary>The plans that run: the ones whose duties and alarms start to be looked at.</summary>
        public IReadOnlyList<Guid> OpenPlans => [.. _needPlans.Rows.Values.Concat(_protectionPlans.Rows.Values).Where(p => p.EndedOn is null).Select(p => p.Id)];

        public async Task LoadAsync()
        {
            foreach (var chunk in happened.Children.Where(c => c.State != CensusChildState.New).Select(c => c.PersonId).Distinct().Chunk(Chunk))
            {
                var episodes = await act.Write.LoadAsync<ReferralEpisode>(e => chunk.Contains(e.PersonId));
                foreach (var e in episodes) _episodes.Rows.TryAdd((e.PersonId, e.ReferralDate), e);
                var plans = await act.Write.LoadAsync<Plan>(p => chunk.Contains(p.PersonId) && (p.Kind == PlanKind.ChildInNeed || p.Kind == PlanKind.ChildProtection));
                foreach (var p in plans) ShelfOf(p.Kind).Rows.TryAdd((p.PersonId, p.StartedOn), p);
                foreach (var ids in episodes.Select(e => e.Id).Chunk(Chunk))
                {
                    foreach (var a in await act.Write.LoadAsync<Assessment>(a => ids.Contains(a.EpisodeId))) _assessments.Rows.TryAdd((a.EpisodeId, a.StartedOn), a);
                    foreach (var s in await act.Write.LoadAsync<Section47>(s => ids.Contains(s.EpisodeId))) _enquiries.Rows.TryAdd((s.EpisodeId, s.StartedOn), s);
                }

                foreach (var ids in plans.Select(p => p.Id).Chunk(Chunk))
                {
                    foreach (var r in await act.Write.LoadAsync<PlanReview>(r => ids.Contains(r.PlanId))) _reviews.Rows.TryAdd((r.PlanId, r.HeldOn), r);
                }
            }
        }

        public void Take(CensusChildKnown child, CinEpisode read)
        {
            if (read.ReferralDate is not { } date)
            {
                LeaveOut(child, read);
                return;
            }

            if (!_episodes.Take((child.PersonId, date), () => Make(child.PersonId, date, read), row => Complete(row, read), out var episode))
                Problem(child, read.Line, "CINreferralDate", date, "The file has two episodes of this child with this referral date; what is in them was taken as one.");
            foreach (var a in read.Assessments) Take(child, episode, a);
            foreach (var s in read.Section47s) Take(child, episode, s);
            foreach (var p in read.CinPlans)
                TakePlan(child, episode, PlanKind.ChildInNeed, new CinProtectionPlan { Line = p.Line, StartDate = p.StartDate, EndDate = p.EndDate }, "CINPlanStartDate");
            foreach (var p in read.ProtectionPlans) TakePlan(child, episode, PlanKind.ChildProtection, p, "CPPstartDate");
            foreach (var p in read.PreProceedings)
                Problem(child, p.Line, "PreProceedingsandFGDM", null, "Pre-proceedings and family group decision making were read and not kept: the record has no place for them yet.");
        }

        /// <summary>An episode without a referral date cannot be known again next year, so nothing of it is taken.</summary>
        private void LeaveOut(CensusChildKnown child, CinEpisode read)
        {
            _episodes.LeaveOut();
            foreach (var _ in read.Assessments) _assessments.LeaveOut();
            foreach (var _ in read.Section47s) _enquiries.LeaveOut();
            foreach (var _ in read.CinPlans) _needPlans.LeaveOut();
            foreach (var plan in read.ProtectionPlans)
            {
                _protectionPlans.LeaveOut();
                foreach (var _ in plan.Reviews) _reviews.LeaveOut();
            }

            Problem(child, read.Line, "CINreferralDate", null, "This episode has no referral date that could be read. It and what is in it was left out.");
        }

        private ReferralEpisode Make(Guid personId, LocalDate date, CinEpisode read) => act.Write.Add(new ReferralEpisode
        {
            Id = act.NewId(),
            PersonId = personId,
            ReferralDate = date,
            SourceCode = read.ReferralSource,
            PrimaryNeed = read.PrimaryNeedCode,
            ClosedOn = read.ClosureDate,
            ReasonForClosure = read.ReasonForClosure,
            InitialConferenceDate = read.DateOfInitialCpc,
            NoFurtherAction = read.ReferralNfa ?? false,
            Origin = $"census {happened.Year}, line {read.Line}",
            RecordedAt = act.Now,
            ClosureRecordedAt = read.ClosureDate is null ? null : act.Now,
        });

        private bool Complete(ReferralEpisode row, CinEpisode read)
        {
            var changed = Fill(row.PrimaryNeed, read.PrimaryNeedCode, v => row.PrimaryNeed = v);
            if (Fill(row.ClosedOn, read.ClosureDate, v => row.ClosedOn = v))
            {
                row.ClosureRecordedAt = act.Now;
                changed = true;
            }

            changed |= Fill(row.ReasonForClosure, read.ReasonForClosure, v => row.ReasonForClosure = v);
            changed |= Fill(row.InitialConferenceDate, read.DateOfInitialCpc, v => row.InitialConferenceDate = v);
            changed |= Fill((bool?)row.NoFurtherAction, read.ReferralNfa, v => row.NoFurtherAction = v!.Value);
            return changed;
        }

        private void Take(CensusChildKnown child, ReferralEpisode episode, CinAssessment read)
        {
            if (read.StartDate is not { } date)
            {
                _assessments.LeaveOut();
                Problem(child, read.Line, "AssessmentActualStartDate", null, "This assessment has no start date that could be read; it was left out.");
                return;
            }

            Assessment Make() => act.Write.Add(new Assessment
            {
                Id = act.NewId(),
                EpisodeId = episode.Id,
                StartedOn = date,
                InternalReviewOn = read.InternalReviewDate,
                AuthorisedOn = read.AuthorisationDate,
                Factors = [.. read.Factors],
                RecordedAt = act.Now,
                AuthorisationRecordedAt = read.AuthorisationDate is null ? null : act.Now,
            });

            bool Complete(Assessment row)
            {
                var changed = Fill(row.InternalReviewOn, read.InternalReviewDate, v => row.InternalReviewOn = v);
                if (Fill(row.AuthorisedOn, read.AuthorisationDate, v => row.AuthorisedOn = v))
                {
                    row.AuthorisationRecordedAt = act.Now;
                    changed = true;
                }

                if (read.Factors.Count > 0 && (row.Factors.Count == 0 || happened.IsLatest) && !row.Factors.SequenceEqual(read.Factors, StringComparer.Ordinal))
                {
                    row.Factors = [.. read.Factors];
                    changed = true;
                }

                return changed;
            }

            if (!_assessments.Take((episode.Id, date), Make, Complete, out _))
                Problem(child, read.Line, "AssessmentActualStartDate", date, "This episode has two assessments with this start; the first was kept.");
        }

        private void Take(CensusChildKnown child, ReferralEpisode episode, CinSection47 read)
        {
            if (read.StartDate is not { } date)
            {
                _enquiries.LeaveOut();
                Problem(child, read.Line, "S47ActualStartDate", null, "This section 47 enquiry has no start date that could be read; it was left out.");
                return;
            }

            Section47 Make() => act.Write.Add(new Section47
            {
                Id = act.NewId(),
                EpisodeId = episode.Id,
                StartedOn = date,
                ConferenceTarget = read.InitialCpcTarget,
                ConferenceOn = read.DateOfInitialCpc,
                ConferenceNotRequired = read.IcpcNotRequired ?? false,
                RecordedAt = act.Now,
                ConferenceRecordedAt = read.DateOfInitialCpc is null ? null : act.Now,
            });

            bool Complete(Section47 row)
            {
                var changed = Fill(row.ConferenceTarget, read.InitialCpcTarget, v => row.ConferenceTarget = v);
                if (Fill(row.ConferenceOn, read.DateOfInitialCpc, v => row.ConferenceOn = v))
                {
                    row.ConferenceRecordedAt = act.Now;
                    changed = true;
                }

                return changed | Fill((bool?)row.ConferenceNotRequired, read.IcpcNotRequired, v => row.ConferenceNotRequired = v!.Value);
            }

            if (!_enquiries.Take((episode.Id, date), Make, Complete, out _))
                Problem(child, read.Line, "S47ActualStartDate", date, "This episode has two section 47 enquiries with this start; the first was kept.");
        }

        private void TakePlan(CensusChildKnown child, ReferralEpisode episode, string kind, CinProtectionPlan read, string element)
        {
            var shelf = ShelfOf(kind);
            if (read.StartDate is not { } date)
            {
                shelf.LeaveOut();
                foreach (var _ in read.Reviews) _reviews.LeaveOut();
                Problem(child, read.Line, element, null, "This plan has no start date that could be read; it was left out.");
                return;
            }

            Plan Make() => act.Write.Add(new Plan
            {
                Id = act.NewId(),
                PersonId = child.PersonId,
                EpisodeId = episode.Id,
                Kind = kind,
                Source = $"{PlanSources.Census} {happened.Year}",
                ChangedAt = act.Now,
                StartedOn = date,
                EndedOn = read.EndDate,
                InitialCategory = read.InitialCategory,
                LatestCategory = read.LatestCategory,
                PreviousPlans = read.NumberOfPreviousPlans,
                RecordedAt = act.Now,
                EndRecordedAt = read.EndDate is null ? null : act.Now,
            });

            bool Complete(Plan row)
            {
                var changed = Fill(row.LatestCategory, read.LatestCategory, v => row.LatestCategory = v);
                if (!Fill(row.EndedOn, read.EndDate, v => row.EndedOn = v)) return changed;
                row.EndRecordedAt = act.Now;
                row.ChangedAt = act.Now;
                return true;
            }

            if (!shelf.Take((child.PersonId, date), Make, Complete, out var plan))
                Problem(child, read.Line, element, date, "The file has two plans of this kind for this child with this start; the first was kept, with the reviews of both.");
            foreach (var held in read.Reviews)
            {
                _reviews.Take(
                    (plan.Id, held),
                    () =>
                    {
                        plan.ChangedAt = act.Now;
                        return act.Write.Add(new PlanReview { Id = act.NewId(), PlanId = plan.Id, HeldOn = held, RecordedAt = act.Now });
                    },
                    _ => false,
                    out _);
            }
        }

        private Shelf<(Guid, LocalDate), Plan> ShelfOf(string kind) => kind == PlanKind.ChildInNeed ? _needPlans : _protectionPlans;

        /// <summary>A gap is filled by any file; another value is replaced by the latest year's only. What a file leaves out stays.</summary>
        private bool Fill<T>(T old, T fresh, Action<T> set)
        {
            if (fresh is null || EqualityComparer<T>.Default.Equals(old, fresh) || (old is not null && !happened.IsLatest)) return false;
            set(fresh);
            return true;
        }

        private void Problem(CensusChildKnown child, int line, string element, LocalDate? value, string message) =>
            _problems.Add(new CensusProblem(line, element, child.Child.LAchildID, value is { } date ? NodaTime.Text.LocalDatePattern.Iso.Format(date) : null, message));
    }
}
