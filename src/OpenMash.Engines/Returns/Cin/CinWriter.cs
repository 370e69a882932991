using System.Globalization;
using System.Text;
using System.Xml;
using NodaTime;
using NodaTime.Text;

namespace OpenMash.Engines.Returns.Cin;

/// <summary>
/// Writes census rows as DfE's XML, in the order of the schema: UTF-8, dates as 2026-03-31, yes and no as 1 and 0, all reviews of a
/// plan in one group. What is null is left out; whether the census then takes the file is for its rules to say.
/// </summary>
public static class CinWriter
{
    /// <summary>
    /// Writes the file for the return's census year: <c>Sex</c> from 2025, <c>GenderCurrent</c> before. Pre-proceedings are written from
    /// 2027, or where <paramref name="withPreProceedings"/> says so. The stream is left open.
    /// </summary>
    /// <exception cref="ArgumentException">A text has a character that XML cannot carry.</exception>
    public static void Write(Stream stream, CinReturn rows, bool? withPreProceedings = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(rows);
        var settings = new XmlWriterSettings
        {
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            Indent = true,
            IndentChars = "  ",
            NewLineChars = "\n",
            CloseOutput = false,
        };
        using var xml = XmlWriter.Create(stream, settings);
        var pass = new Pass(xml, rows.Year, withPreProceedings ?? rows.Year >= CinYears.FirstWithPreProceedings);
        pass.Message(rows);
    }

    private sealed class Pass(XmlWriter xml, int year, bool withPreProceedings)
    {
        public void Message(CinReturn rows)
        {
            xml.WriteStartDocument();
            xml.WriteStartElement("Message");
            Header(rows);
            xml.WriteStartElement("Children");
            foreach (var child in rows.Children)
                Child(child);
            xml.WriteEndElement();
            xml.WriteEndElement();
            xml.WriteEndDocument();
        }

        private void Header(CinReturn rows)
        {
            xml.WriteStartElement("Header");
            xml.WriteStartElement("CollectionDetails");
            Text("Collection", "CIN");
            Text("Year", rows.Year.ToString("0000", CultureInfo.InvariantCulture));
            Date("ReferenceDate", rows.Header.ReferenceDate ?? new LocalDate(rows.Year, 3, 31));
            xml.WriteEndElement();
            foreach (var source in rows.Header.Sources)
            {
                xml.WriteStartElement("Source");
                Text("SourceLevel", source.SourceLevel);
                Text("LEA", source.Lea);
                Text("SoftwareCode", source.SoftwareCode);
                Text("Release", source.Release);
                Text("SerialNo", source.SerialNo);
                Text("DateTime", source.DateTime);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        private void Child(CinChild child)
        {
            xml.WriteStartElement("Child");
            xml.WriteStartElement("ChildIdentifiers");
            Text("LAchildID", child.LAchildID);
            Text("UPN", child.Upn);
            Text("FormerUPN", child.FormerUpn);
            Text("UPNunknown", child.UpnUnknown);
            Date("PersonBirthDate", child.BirthDate);
            Date("ExpectedPersonBirthDate", child.ExpectedBirthDate);
            if (year >= CinYears.FirstWithSex)
                Text("Sex", child.SexCode);
            else
                Text("GenderCurrent", child.GenderCode);
            Date("PersonDeathDate", child.DeathDate);
            xml.WriteEndElement();
            xml.WriteStartElement("ChildCharacteristics");
            Text("Ethnicity", child.Ethnicity);
            Group("Disabilities", "Disability", child.Disabilities);
            xml.WriteEndElement();
            foreach (var episode in child.Episodes)
                Episode(episode);
            xml.WriteEndElement();
        }

        private void Episode(CinEpisode episode)
        {
            xml.WriteStartElement("CINdetails");
            Date("CINreferralDate", episode.ReferralDate);
            Text("ReferralSource", episode.ReferralSource);
            Text("PrimaryNeedCode", episode.PrimaryNeedCode);
            Date("CINclosureDate", episode.ClosureDate);
            Text("ReasonForClosure", episode.ReasonForClosure);
            Date("DateOfInitialCPC", episode.DateOfInitialCpc);
            foreach (var assessment in episode.Assessments)
            {
                xml.WriteStartElement("Assessments");
                Date("AssessmentActualStartDate", assessment.StartDate);
                Date("AssessmentInternalReviewDate", assessment.InternalReviewDate);
                Date("AssessmentAuthorisationDate", assessment.AuthorisationDate);
                Group("FactorsIdentifiedAtAssessment", "AssessmentFactors", assessment.Factors);
                xml.WriteEndElement();
            }

            foreach (var plan in episode.CinPlans)
            {
                xml.WriteStartElement("CINPlanDates");
                Date("CINPlanStartDate", plan.StartDate);
                Date("CINPlanEndDate", plan.EndDate);
                xml.WriteEndElement();
            }

            foreach (var enquiry in episode.Section47s)
            {
                xml.WriteStartElement("Section47");
                Date("S47ActualStartDate", enquiry.StartDate);
                Date("InitialCPCtarget", enquiry.InitialCpcTarget);
                Date("DateOfInitialCPC", enquiry.DateOfInitialCpc);
                YesNo("ICPCnotRequired", enquiry.IcpcNotRequired);
                xml.WriteEndElement();
            }

            YesNo("ReferralNFA", episode.ReferralNfa);
            foreach (var plan in episode.ProtectionPlans)
            {
                xml.WriteStartElement("ChildProtectionPlans");
                Date("CPPstartDate", plan.StartDate);
                Date("CPPendDate", plan.EndDate);
                Text("InitialCategoryOfAbuse", plan.InitialCategory);
                Text("LatestCategoryOfAbuse", plan.LatestCategory);
                Number("NumberOfPreviousCPP", plan.NumberOfPreviousPlans);
                Group("Reviews", "CPPreviewDate", [.. plan.Reviews.Select(LocalDatePattern.Iso.Format)]);
                xml.WriteEndElement();
            }

            if (withPreProceedings)
            {
                foreach (var row in episode.PreProceedings)
                    PreProceedings(row);
            }

            xml.WriteEndElement();
        }

        private void PreProceedings(CinPreProceedings row)
        {
            xml.WriteStartElement("PreProceedingsandFGDM");
            Date("PPStartDate", row.StartDate);
            Date("LBPSentDate", row.LetterSentDate);
            YesNo("FGDMMeetingOffer", row.MeetingOffered);
            YesNo("FGDMMeetingFac", row.MeetingHeld);
            Date("InitialPPMeetingDate", row.InitialMeetingDate);
            Number("ReviewMeetingsCount", row.ReviewMeetings);
            Date("StepDecisionDate", row.StepDecisionDate);
            Text("PPOutcome", row.Outcome);
            Date("CourtAppDate", row.CourtApplicationDate);
            Date("LetterInitCPDate", row.CareProceedingsLetterDate);
            xml.WriteEndElement();
        }

        private void Group(string group, string element, IReadOnlyList<string> values)
        {
            if (values.Count == 0)
                return;
            xml.WriteStartElement(group);
            foreach (var value in values)
                Text(element, value);
            xml.WriteEndElement();
        }

        private void Date(string element, LocalDate? date) => Text(element, date is { } d ? LocalDatePattern.Iso.Format(d) : null);

        private void YesNo(string element, bool? value) => Text(element, value switch { true => "1", false => "0", null => null });

        private void Number(string element, int? number) => Text(element, number?.ToString(CultureInfo.InvariantCulture));

        private void Text(string element, string? text)
        {
            if (text is not null)
                xml.WriteElementString(element, text);
        }
    }
}
