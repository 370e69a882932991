using System.Globalization;
using System.Xml;
using NodaTime;
using NodaTime.Text;

namespace OpenMash.Engines.Returns.Cin;

/// <summary>
/// Reads a Children in Need census file (DfE, XML) into rows. What is understood becomes a typed row, what is not becomes a finding
/// with its line; a file that is not well-formed, not in the encoding it declares, too large or no such census is refused as a
/// whole with one message. Document types and external entities are never read. Elements are taken by name in any order.
/// </summary>
public static class CinReader
{
    /// <summary>Reads one file, from where the stream stands to its end. The stream is left open.</summary>
    public static CinReadResult Read(Stream stream, CinReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        options ??= new CinReadOptions();
        using var bounded = new BoundedStream(stream, options.MaxBytes);
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
            CloseInput = false,
        };
        XmlReader? xml = null;
        try
        {
            xml = XmlReader.Create(bounded, settings);
            return new Pass(xml, options).Run();
        }
        catch (XmlException e)
        {
            if (e.LineNumber == 0 && bounded.PlaceInPrefix("<!DOCTYPE"u8) is var (line, position))
            {
                return Refused(
                    line, position, "The file has a document type declaration (DTD), which a census file does not need and which is not safe to read. Remove it. Nothing was read.");
            }

            return Refused(
                e.LineNumber, e.LinePosition,
                $"The file is not well-formed XML, or not in the encoding that it declares (UTF-8 where it declares none): {e.Message} Nothing was read.");
        }
        catch (TooLargeException)
        {
            return Refused(0, 0, string.Create(
                CultureInfo.InvariantCulture, $"The file is larger than {options.MaxBytes / 1024.0 / 1024.0:0.##} megabytes, the most that is read. Nothing was read."));
        }
        catch (NotThisCensusException e)
        {
            return Refused(e.Line, e.Position, e.Message);
        }
        finally
        {
            xml?.Dispose();
        }
    }

    private static CinReadResult Refused(int line, int position, string message) => new() { Refusal = new CinRefusal(line, position, message) };

    /// <summary>One reading of one file.</summary>
    private sealed class Pass(XmlReader xml, CinReadOptions options)
    {
        private const int LongestValue = 200;
        private const int LongestQuote = 100;
        private readonly IXmlLineInfo place = (IXmlLineInfo)xml;
        private readonly CinCodes codes = CinCodes.Shipped;
        private readonly List<CinFinding> findings = [];
        private readonly char[] buffer = new char[LongestValue + 1];
        private int findingsLeftOut;
        private int firstFindingOfChild;
        private int year = options.Year ?? CinYears.Last;

        public CinReadResult Run()
        {
            if (xml.MoveToContent() != XmlNodeType.Element || xml.LocalName != "Message")
                throw NotThisCensus($"The file begins with <{Quote(xml.LocalName)}>; a Children in Need census begins with <Message>. Nothing was read.");
            CinHeader? header = null;
            var children = new List<CinChild>();
            var hasChildren = false;
            while (NextIn(0))
            {
                switch (xml.LocalName)
                {
                    case "Header":
                        header = ReadHeader();
                        break;
                    case "Children":
                        if (header is null)
                        {
                            header = new CinHeader();
                            Find(CinFindingKind.Header, "Header", null, $"The file has no header before its children; it is read as census year {year}");
                        }

                        hasChildren = true;
                        ReadChildren(children);
                        break;
                    default:
                        Unknown();
                        break;
                }
            }

            if (!hasChildren)
                throw NotThisCensus("The file has no <Children>: it is no Children in Need census, or an empty one. Nothing was read.");

            // To the end of the document: what follows the last element must be well-formed too.
            while (xml.Read())
            {
            }

            return new CinReadResult
            {
                Return = new CinReturn { Year = year, Header = header!, Children = children },
                Findings = findings,
                FindingsLeftOut = findingsLeftOut,
            };
        }

        private CinHeader ReadHeader()
        {
            var (line, position) = (place.LineNumber, place.LinePosition);
            var header = new CinHeader();
            var sources = new List<CinSource>();
            var depth = xml.Depth;
            while (NextIn(depth))
            {
                if (xml.LocalName == "CollectionDetails")
                    header = ReadCollection(header);
                else if (xml.LocalName == "Source")
                    sources.Add(ReadSource());
                else
                    Unknown();
            }

            header = header with { Sources = sources };
            if (header.Collection is null)
                FindAt(CinFindingKind.Header, line, position, "Collection", null, "The header does not name its collection; it is read as CIN");
            if (options.Year is null)
            {
                year = header.Year ?? header.ReferenceDate?.Year ?? CinYears.Last;
                if (header.Year is null)
                    FindAt(CinFindingKind.Header, line, position, "Year", null, $"The header does not give its year; it is read as census year {year}");
            }

            if (header is { Year: { } stated, ReferenceDate: { } date } && (date.Year != stated || date.Month != 3 || date.Day != 31))
            {
                FindAt(
                    CinFindingKind.Header, line, position, "ReferenceDate", LocalDatePattern.Iso.Format(date),
                    $"The reference date of census year {stated} is {stated}-03-31; the file is read as census year {year}");
            }

            if (year is < CinYears.First or > CinYears.Last)
            {
                FindAt(
                    CinFindingKind.Header, line, position, "Year", year.ToString(CultureInfo.InvariantCulture),
                    $"The layout of census year {year} is not known; known are {CinYears.First} to {CinYears.Last}. It is read by the nearest");
            }

            if (sources.Count == 0 || sources[0].Lea is null)
                FindAt(CinFindingKind.Header, line, position, "LEA", null, "The header does not name the authority");
            return header;
        }

        private CinHeader ReadCollection(CinHeader header)
        {
            var depth = xml.Depth;
            while (NextIn(depth))
            {
                switch (xml.LocalName)
                {
                    case "Collection":
                        var (line, position) = (place.LineNumber, place.LinePosition);
                        var collection = Text();
                        if (collection is not null && !collection.Equals("CIN", StringComparison.OrdinalIgnoreCase))
                            throw new NotThisCensusException(line, position, $"The file is a return of the collection \"{Quote(collection)}\", not CIN. Nothing was read.");
                        header = header with { Collection = Once(header.Collection, collection, "Collection") };
                        break;
                    case "Year":
                        header = header with { Year = Once(header.Year, Number("Year", 1990, 2100), "Year") };
                        break;
                    case "ReferenceDate":
                        header = header with { ReferenceDate = Once(header.ReferenceDate, Date(), "ReferenceDate") };
                        break;
                    default:
                        Unknown();
                        break;
                }
            }

            return header;
        }

        private CinSource ReadSource()
        {
            var source = new CinSource();
            var depth = xml.Depth;
            while (NextIn(depth))
            {
                switch (xml.LocalName)
                {
                    case "SourceLevel":
                        source = source with { SourceLevel = Shaped(t => t == "L", "L") };
                        break;
                    case "LEA":
                        source = source with { Lea = Shaped(t => t.Length == 3 && t.All(char.IsAsciiDigit), "three digits") };
                        break;
                    case "SoftwareCode":
                        source = source with { SoftwareCode = Text() };
                        break;
                    case "Release":
                        source = source with { Release = Text() };
                        break;
                    case "SerialNo":
                        source = source with { SerialNo = Shaped(t => t.Length >= 3 && t.All(char.IsAsciiDigit), "three or more digits") };
                        break;
                    case "DateTime":
                        source = source with { DateTime = Shaped(IsDateTime, "a date and time such as 2026-05-23T11:14:05") };
                        break;
                    default:
                        Unknown();
                        break;
                }
            }

            return source;
        }

        private void ReadChildren(List<CinChild> children)
        {
            var depth = xml.Depth;
            while (NextIn(depth))
            {
                if (xml.LocalName != "Child")
                {
                    Unknown();
                    continue;
                }

                firstFindingOfChild = findings.Count;
                if (ReadChild() is { } child)
                    children.Add(child);
                firstFindingOfChild = int.MaxValue;
            }
        }

        private CinChild? ReadChild()
        {
            var (line, position, from) = (place.LineNumber, place.LinePosition, findings.Count);
            var child = new CinChild { LAchildID = "", Line = line };
            var disabilities = new List<string>();
            var episodes = new List<CinEpisode>();
            var depth = xml.Depth;
            while (NextIn(depth))
            {
                switch (xml.LocalName)
                {
                    case "ChildIdentifiers":
                        child = ReadIdentifiers(child);
                        break;
                    case "ChildCharacteristics":
                        child = ReadCharacteristics(child, disabilities);
                        break;
                    case "CINdetails":
                        episodes.Add(ReadEpisode());
                        break;
                    default:
                        Unknown();
                        break;
                }
            }

            if (child.LAchildID.Length == 0)
            {
                FindAt(
                    CinFindingKind.Missing, line, position, "LAchildID", null,
                    $"The child has no LAchildID, so nobody could tell whose record it is; the child and {episodes.Count} episode(s) are left out");
                return null;
            }

            if (child.BirthDate is null && child.ExpectedBirthDate is null)
                FindAt(CinFindingKind.Missing, line, position, "PersonBirthDate", null, "The child has neither a date of birth nor an expected one");
            Required(child.SexCode, child.Sex is null && year < CinYears.FirstWithSex ? "GenderCurrent" : "Sex", from, line, position, "The child has no sex");
            Required(child.Ethnicity, "Ethnicity", from, line, position, "The child has no ethnicity");
            if (episodes.Count == 0)
                FindAt(CinFindingKind.Missing, line, position, "CINdetails", null, "The child has no episode");

            // The identifier may stand after what was found wrong.
            for (var i = Math.Min(firstFindingOfChild, findings.Count); i < findings.Count; i++)
                findings[i] = findings[i] with { LAchildID = child.LAchildID };
            return child with { Disabilities = disabilities, Episodes = episodes };
        }

        private CinChild ReadIdentifiers(CinChild child)
        {
            var depth = xml.Depth;
            while (NextIn(depth))
            {
                switch (xml.LocalName)
                {
                    case "LAchildID":
                        child = child with { LAchildID = Once(child.LAchildID.Length == 0 ? null : child.LAchildID, Text(), "LAchildID") ?? "" };
                        break;
                    case "UPN":
                        child = child with { Upn = Once(child.Upn, Shaped(IsUpn, UpnShape), "UPN") };
                        break;
                    case "FormerUPN":
                        child = child with { FormerUpn = Once(child.FormerUpn, Shaped(IsUpn, UpnShape), "FormerUPN") };
                        break;
                    case "UPNunknown":
                        child = child with { UpnUnknown = Once(child.UpnUnknown, Code("UPNunknown"), "UPNunknown") };
                        break;
                    case "PersonBirthDate":
                        child = child with { BirthDate = Once(child.BirthDate, Date(), "PersonBirthDate") };
                        break;
                    case "ExpectedPersonBirthDate":
                        child = child with { ExpectedBirthDate = Once(child.ExpectedBirthDate, Date(), "ExpectedPersonBirthDate") };
                        break;
                    case "Sex":
                        child = child with { Sex = Once(child.Sex, Code("Sex"), "Sex") };
                        break;
                    case "GenderCurrent":
                        child = child with { GenderCurrent = Once(child.GenderCurrent, Code("GenderCurrent"), "GenderCurrent") };
                        break;
                    case "PersonDeathDate":
                        child = child with { DeathDate = Once(child.DeathDate, Date(), "PersonDeathDate") };
                        break;
                    default:
                        Unknown();
                        break;
                }
            }

            return child;
        }

        private CinChild ReadCharacteristics(CinChild child, List<string> disabilities)
        {
            var depth = xml.Depth;
            while (NextIn(depth))
            {
                if (xml.LocalName == "Ethnicity")
                    child = child with { Ethnicity = Once(child.Ethnicity, Code("Ethnicity"), "Ethnicity") };
                else if (xml.LocalName == "Disabilities")
                    ReadList("Disability", disabilities, () => Code("Disability"));
                else
                    Unknown();
            }

            return child;
        }

        private CinEpisode ReadEpisode()
        {
            var (line, position, from) = (place.LineNumber, place.LinePosition, findings.Count);
            var episode = new CinEpisode { Line = line };
            var assessments = new List<CinAssessment>();
            var plans = new List<CinPlan>();
            var enquiries = new List<CinSection47>();
            var protection = new List<CinProtectionPlan>();
            var preProceedings = new List<CinPreProceedings>();
            var depth = xml.Depth;
            while (NextIn(depth))
            {
                switch (xml.LocalName)
                {
                    case "CINreferralDate":
                        episode = episode with { ReferralDate = Once(episode.ReferralDate, Date(), "CINreferralDate") };
                        break;
                    case "ReferralSource":
                        episode = episode with { ReferralSource = Once(episode.ReferralSource, Code("ReferralSource"), "ReferralSource") };
                        break;
                    case "PrimaryNeedCode":
                        episode = episode with { PrimaryNeedCode = Once(episode.PrimaryNeedCode, Code("PrimaryNeedCode"), "PrimaryNeedCode") };
                        break;
                    case "CINclosureDate":
                        episode = episode with { ClosureDate = Once(episode.ClosureDate, Date(), "CINclosureDate") };
                        break;
                    case "ReasonForClosure":
                        episode = episode with { ReasonForClosure = Once(episode.ReasonForClosure, Code("ReasonForClosure"), "ReasonForClosure") };
                        break;
                    case "DateOfInitialCPC":
                        episode = episode with { DateOfInitialCpc = Once(episode.DateOfInitialCpc, Date(), "DateOfInitialCPC") };
                        break;
                    case "ReferralNFA":
                        episode = episode with { ReferralNfa = Once(episode.ReferralNfa, YesNo(), "ReferralNFA") };
                        break;
                    case "Assessments":
                        assessments.Add(ReadAssessment());
                        break;
                    case "CINPlanDates" or "CINplanDates":
                        plans.Add(ReadPlan());
                        break;
                    case "Section47":
                        enquiries.Add(ReadSection47());
                        break;
                    case "ChildProtectionPlans":
                        protection.Add(ReadProtectionPlan());
                        break;
                    case "PreProceedingsandFGDM":
                        preProceedings.Add(ReadPreProceedings());
                        break;
                    default:
                        Unknown();
                        break;
                }
            }

            Required(episode.ReferralDate, "CINreferralDate", from, line, position, "The episode has no referral date");
            Required(episode.ReferralNfa, "ReferralNFA", from, line, position, "The episode does not say whether it led to no further action");
            Required(episode.ReferralSource, "ReferralSource", from, line, position, "The episode has no source of referral");
            return episode with { Assessments = assessments, CinPlans = plans, Section47s = enquiries, ProtectionPlans = protection, PreProceedings = preProceedings };
        }

        private CinAssessment ReadAssessment()
        {
            var (line, position, from) = (place.LineNumber, place.LinePosition, findings.Count);
            var assessment = new CinAssessment { Line = line };
            var factors = new List<string>();
            var depth = xml.Depth;
            while (NextIn(depth))
            {
                switch (xml.LocalName)
                {
                    case "AssessmentActualStartDate":
                        assessment = assessment with { StartDate = Once(assessment.StartDate, Date(), "AssessmentActualStartDate") };
                        break;
                    case "AssessmentInternalReviewDate":
                        assessment = assessment with { InternalReviewDate = Once(assessment.InternalReviewDate, Date(), "AssessmentInternalReviewDate") };
                        break;
                    case "AssessmentAuthorisationDate":
                        assessment = assessment with { AuthorisationDate = Once(assessment.AuthorisationDate, Date(), "AssessmentAuthorisationDate") };
                        break;
                    case "FactorsIdentifiedAtAssessment":
                        ReadList("AssessmentFactors", factors, () => Code("AssessmentFactors"));
                        break;
                    default:
                        Unknown();
                        break;
                }
            }

            Required(assessment.StartDate, "AssessmentActualStartDate", from, line, position, "The assessment has no start");
            return assessment with { Factors = factors };
        }

        private CinPlan ReadPlan()
        {
            var (line, position, from) = (place.LineNumber, place.LinePosition, findings.Count);
            var plan = new CinPlan { Line = line };
            var depth = xml.Depth;
            while (NextIn(depth))
            {
                if (xml.LocalName == "CINPlanStartDate")
                    plan = plan with { StartDate = Once(plan.StartDate, Date(), "CINPlanStartDate") };
                else if (xml.LocalName == "CINPlanEndDate")
                    plan = plan with { EndDate = Once(plan.EndDate, Date(), "CINPlanEndDate") };
                else
                    Unknown();
            }

            Required(plan.StartDate, "CINPlanStartDate", from, line, position, "The child in need plan has no start");
            return plan;
        }

        private CinSection47 ReadSection47()
        {
            var (line, position, from) = (place.LineNumber, place.LinePosition, findings.Count);
            var enquiry = new CinSection47 { Line = line };
            var depth = xml.Depth;
            while (NextIn(depth))
            {
                switch (xml.LocalName)
                {
                    case "S47ActualStartDate":
                        enquiry = enquiry with { StartDate = Once(enquiry.StartDate, Date(), "S47ActualStartDate") };
                        break;
                    case "InitialCPCtarget":
                        enquiry = enquiry with { InitialCpcTarget = Once(enquiry.InitialCpcTarget, Date(), "InitialCPCtarget") };
                        break;
                    case "DateOfInitialCPC":
                        enquiry = enquiry with { DateOfInitialCpc = Once(enquiry.DateOfInitialCpc, Date(), "DateOfInitialCPC") };
                        break;
                    case "ICPCnotRequired":
                        enquiry = enquiry with { IcpcNotRequired = Once(enquiry.IcpcNotRequired, YesNo(), "ICPCnotRequired") };
                        break;
                    default:
                        Unknown();
                        break;
                }
            }

            Required(enquiry.StartDate, "S47ActualStartDate", from, line, position, "The section 47 enquiry has no start");
            Required(enquiry.IcpcNotRequired, "ICPCnotRequired", from, line, position, "The section 47 enquiry does not say whether a conference was required");
            return enquiry;
        }

        private CinProtectionPlan ReadProtectionPlan()
        {
            var (line, position, from) = (place.LineNumber, place.LinePosition, findings.Count);
            var plan = new CinProtectionPlan { Line = line };
            var reviews = new List<LocalDate>();
            var depth = xml.Depth;
            while (NextIn(depth))
            {
                switch (xml.LocalName)
                {
                    case "CPPstartDate":
                        plan = plan with { StartDate = Once(plan.StartDate, Date(), "CPPstartDate") };
                        break;
                    case "CPPendDate":
                        plan = plan with { EndDate = Once(plan.EndDate, Date(), "CPPendDate") };
                        break;
                    case "InitialCategoryOfAbuse":
                        plan = plan with { InitialCategory = Once(plan.InitialCategory, Code("CategoryOfAbuse"), "InitialCategoryOfAbuse") };
                        break;
                    case "LatestCategoryOfAbuse":
                        plan = plan with { LatestCategory = Once(plan.LatestCategory, Code("CategoryOfAbuse"), "LatestCategoryOfAbuse") };
                        break;
                    case "NumberOfPreviousCPP":
                        plan = plan with { NumberOfPreviousPlans = Once(plan.NumberOfPreviousPlans, Number("NumberOfPreviousCPP", 0, 1000), "NumberOfPreviousCPP") };
                        break;
                    // One group with several dates, by the schema; several groups, in files in the wild.
                    case "Reviews":
                        ReadList("CPPreviewDate", reviews);
                        break;
                    default:
                        Unknown();
                        break;
                }
            }

            Required(plan.StartDate, "CPPstartDate", from, line, position, "The child protection plan has no start");
            Required(plan.InitialCategory, "InitialCategoryOfAbuse", from, line, position, "The child protection plan has no first category of abuse");
            Required(plan.LatestCategory, "LatestCategoryOfAbuse", from, line, position, "The child protection plan has no latest category of abuse");
            Required(plan.NumberOfPreviousPlans, "NumberOfPreviousCPP", from, line, position, "The child protection plan does not say how many there were before");
            return plan with { Reviews = reviews };
        }

        private CinPreProceedings ReadPreProceedings()
        {
            var row = new CinPreProceedings { Line = place.LineNumber };
            if (year < CinYears.FirstWithPreProceedings)
                Find(CinFindingKind.NotInThisYear, "PreProceedingsandFGDM", null, $"The census has this group from {CinYears.FirstWithPreProceedings} on, not in {year}; it was read all the same");
            var depth = xml.Depth;
            while (NextIn(depth))
            {
                switch (xml.LocalName)
                {
                    case "PPStartDate":
                        row = row with { StartDate = Once(row.StartDate, Date(), "PPStartDate") };
                        break;
                    case "LBPSentDate":
                        row = row with { LetterSentDate = Once(row.LetterSentDate, Date(), "LBPSentDate") };
                        break;
                    case "FGDMMeetingOffer":
                        row = row with { MeetingOffered = Once(row.MeetingOffered, YesNo(), "FGDMMeetingOffer") };
                        break;
                    case "FGDMMeetingFac":
                        row = row with { MeetingHeld = Once(row.MeetingHeld, YesNo(), "FGDMMeetingFac") };
                        break;
                    case "InitialPPMeetingDate":
                        row = row with { InitialMeetingDate = Once(row.InitialMeetingDate, Date(), "InitialPPMeetingDate") };
                        break;
                    case "ReviewMeetingsCount":
                        row = row with { ReviewMeetings = Once(row.ReviewMeetings, Number("ReviewMeetingsCount", 0, 1000), "ReviewMeetingsCount") };
                        break;
                    case "StepDecisionDate":
                        row = row with { StepDecisionDate = Once(row.StepDecisionDate, Date(), "StepDecisionDate") };
                        break;
                    case "PPOutcome":
                        row = row with { Outcome = Once(row.Outcome, Text(), "PPOutcome") };
                        break;
                    case "CourtAppDate":
                        row = row with { CourtApplicationDate = Once(row.CourtApplicationDate, Date(), "CourtAppDate") };
                        break;
                    case "LetterInitCPDate":
                        row = row with { CareProceedingsLetterDate = Once(row.CareProceedingsLetterDate, Date(), "LetterInitCPDate") };
                        break;
                    default:
                        Unknown();
                        break;
                }
            }

            return row;
        }

        private void ReadList(string element, List<string> into, Func<string?> read)
        {
            var (line, position, group) = (place.LineNumber, place.LinePosition, xml.LocalName);
            var depth = xml.Depth;
            var any = false;
            while (NextIn(depth))
            {
                if (xml.LocalName != element)
                {
                    Unknown();
                    continue;
                }

                any = true;
                if (read() is { } value)
                    into.Add(value);
            }

            if (!any)
                FindAt(CinFindingKind.EmptyGroup, line, position, group, null, $"The group {group} has no {element}");
        }

        private void ReadList(string element, List<LocalDate> into)
        {
            var dates = new List<string>();
            ReadList(element, dates, () =>
            {
                if (Date() is { } date)
                    into.Add(date);
                return null;
            });
        }

        /// <summary>To the next child element of the element at a depth; false at that element's end. The child must be consumed.</summary>
        private bool NextIn(int depth)
        {
            if (xml.NodeType == XmlNodeType.Element && xml.Depth == depth && xml.IsEmptyElement)
                return false;
            while (xml.Read())
            {
                switch (xml.NodeType)
                {
                    case XmlNodeType.Element:
                        return true;
                    case XmlNodeType.EndElement when xml.Depth == depth:
                        return false;
                    case XmlNodeType.Text or XmlNodeType.CDATA:
                        var (line, position) = (place.LineNumber, place.LinePosition);
                        var text = ReadChunk();
                        // The place is that of the first character, which may be the end of an earlier line.
                        var blank = text.AsSpan(0, text.Length - text.AsSpan().TrimStart().Length);
                        if (blank.Contains('\n'))
                            (line, position) = (line + blank.Count('\n'), blank.Length - blank.LastIndexOf('\n'));
                        FindAt(CinFindingKind.StrayText, line, position, "", text, "Words stand between elements; they were passed over");
                        break;
                }
            }

            return false;
        }

        private void Unknown()
        {
            Find(CinFindingKind.UnknownElement, Quote(xml.LocalName), null, $"The census has no element <{Quote(xml.LocalName)}> here; it was passed over with what is in it");
            SkipElement();
        }

        // Not XmlReader.Skip, which stands on the node after and would make the caller miss it.
        private void SkipElement()
        {
            if (xml.IsEmptyElement)
                return;
            var depth = xml.Depth;
            while (xml.Read() && !(xml.NodeType == XmlNodeType.EndElement && xml.Depth == depth))
            {
            }
        }

        /// <summary>The trimmed text of the element; null when empty or not readable. Consumes it.</summary>
        private string? Text()
        {
            if (xml.IsEmptyElement)
                return null;
            var (line, position, element) = (place.LineNumber, place.LinePosition, xml.LocalName);
            var depth = xml.Depth;
            string? text = null;
            var tooLong = false;
            while (xml.Read() && !(xml.NodeType == XmlNodeType.EndElement && xml.Depth == depth))
            {
                if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
                {
                    text += ReadChunk();
                    tooLong |= text.Length > LongestValue;
                    if (tooLong)
                        text = text[..LongestValue];
                }
                else if (xml.NodeType == XmlNodeType.Element)
                {
                    Unknown();
                }
            }

            if (tooLong)
            {
                FindAt(CinFindingKind.BadValue, line, position, element, text, $"{element} is longer than {LongestValue} characters; it was left out");
                return null;
            }

            text = text?.Trim();
            return string.IsNullOrEmpty(text) ? null : text;
        }

        // By chunk: a text of a hundred megabytes is never held.
        private string ReadChunk()
        {
            var length = 0;
            int read;
            while (length < buffer.Length && (read = xml.ReadValueChunk(buffer, length, buffer.Length - length)) > 0)
                length += read;
            return new string(buffer, 0, length);
        }

        private LocalDate? Date()
        {
            var (line, position, element) = (place.LineNumber, place.LinePosition, xml.LocalName);
            var text = Text();
            if (text is null)
                return null;
            if (LocalDatePattern.Iso.Parse(text).TryGetValue(default, out var date) && date.Year is >= 1000 and <= 9999)
                return date;
            FindAt(CinFindingKind.BadDate, line, position, element, text, $"{element} is not a date of the form 2026-03-31; it was left out");
            return null;
        }

        private string? Code(string list)
        {
            var (line, position, element) = (place.LineNumber, place.LinePosition, xml.LocalName);
            var text = Text();
            if (text is null)
                return null;
            if (codes.Find(list, text) is not { } code)
            {
                FindAt(CinFindingKind.UnknownCode, line, position, element, text, $"\"{Quote(text)}\" is not a code of {element}; it was left out");
                return null;
            }

            if (!code.IsValidIn(Math.Clamp(year, CinYears.First, CinYears.Last)))
            {
                FindAt(
                    CinFindingKind.NotInThisYear, line, position, element, text,
                    $"Census year {year} does not have {element} \"{text}\" ({(code.From is { } from ? $"from {from}" : $"to {code.To}")}); it was kept");
            }

            return code.Code;
        }

        private bool? YesNo()
        {
            var (line, position, element) = (place.LineNumber, place.LinePosition, xml.LocalName);
            switch (Text())
            {
                case null:
                    return null;
                case var text when text == "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase):
                    return true;
                case var text when text == "0" || text.Equals("false", StringComparison.OrdinalIgnoreCase):
                    return false;
                case var text:
                    FindAt(CinFindingKind.BadValue, line, position, element, text, $"{element} is neither 0, 1, true nor false; it was left out");
                    return null;
            }
        }

        private int? Number(string element, int least, int most)
        {
            var (line, position) = (place.LineNumber, place.LinePosition);
            var text = Text();
            if (text is null)
                return null;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
                return number;
            FindAt(CinFindingKind.BadValue, line, position, element, text, $"{element} is not a whole number from {least} to {most}; it was left out");
            return null;
        }

        private string? Shaped(Func<string, bool> fits, string shape)
        {
            var (line, position, element) = (place.LineNumber, place.LinePosition, xml.LocalName);
            var text = Text();
            if (text is null || fits(text))
                return text;
            FindAt(CinFindingKind.BadValue, line, position, element, text, $"{element} is not {shape}; it was left out");
            return null;
        }

        private T? Once<T>(T? first, T? second, string element)
        {
            if (first is null)
                return second;
            if (second is not null)
                Find(CinFindingKind.Repeated, element, null, $"{element} stands more than once; the first was kept");
            return first;
        }

        // One finding for one fault: a value that could not be read is not reported as missing too.
        private void Required<T>(T? value, string element, int from, int line, int position, string message)
        {
            if (value is null && !findings.Skip(from).Any(f => f.Element == element))
                FindAt(CinFindingKind.Missing, line, position, element, null, message);
        }

        private void Find(CinFindingKind kind, string element, string? value, string message) =>
            FindAt(kind, place.LineNumber, place.LinePosition, element, value, message);

        private void FindAt(CinFindingKind kind, int line, int position, string element, string? value, string message)
        {
            if (findings.Count >= options.MaxFindings)
                findingsLeftOut++;
            else
                findings.Add(new CinFinding(kind, line, position, element, null, value is null ? null : Quote(value), message));
        }

        private NotThisCensusException NotThisCensus(string message) => new(place.LineNumber, place.LinePosition, message);

        private static string Quote(string text)
        {
            text = text.Trim();
            return text.Length <= LongestQuote ? text : text[..LongestQuote];
        }

        private const string UpnShape = "a letter, eleven digits and a digit or letter";

        private static bool IsUpn(string text) =>
            text.Length == 13 && char.IsAsciiLetter(text[0]) && text.AsSpan(1, 11).IndexOfAnyExceptInRange('0', '9') < 0 && char.IsAsciiLetterOrDigit(text[12]);

        private static bool IsDateTime(string text) =>
            LocalDateTimePattern.ExtendedIso.Parse(text).Success || OffsetDateTimePattern.ExtendedIso.Parse(text).Success;
    }

    private sealed class NotThisCensusException(int line, int position, string message) : Exception(message)
    {
        public int Line { get; } = line;

        public int Position { get; } = position;
    }

    private sealed class TooLargeException : Exception;

    /// <summary>Reads at most so many bytes of another stream, then refuses.</summary>
    private sealed class BoundedStream(Stream inner, long most) : Stream
    {
        // The beginning of the file, to name the place of a DTD: the reader refuses it without one.
        private readonly byte[] prefix = new byte[8192];
        private int prefixLength;
        private long left = most;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            left -= read;
            var kept = Math.Min(read, prefix.Length - prefixLength);
            buffer[..kept].CopyTo(prefix.AsSpan(prefixLength));
            prefixLength += kept;
            return left < 0 ? throw new TooLargeException() : read;
        }

        /// <summary>Line and position, from 1, of the first occurrence near the beginning; null when it is not there.</summary>
        public (int Line, int Position)? PlaceInPrefix(ReadOnlySpan<byte> text)
        {
            var found = prefix.AsSpan(0, prefixLength).IndexOf(text);
            if (found < 0)
                return null;
            var before = prefix.AsSpan(0, found);
            return (before.Count((byte)'\n') + 1, found - before.LastIndexOf((byte)'\n'));
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
