using System.Globalization;
using System.Text;
using NodaTime;

namespace OpenMash.Engines.Links;

public sealed partial class LinksData
{
    private const long FarthestStart = 4 * 366 * 1440L;

    private static readonly Dictionary<string, string[]> Aliases = new(StringComparer.Ordinal)
    {
        ["person_id"] = ["person_id", "pupil_id", "child_id", "person", "pupil", "child", "upn", "lachildid", "id", "pseudonym"],
        ["school_id"] = ["school_id", "school", "urn", "estab", "laestab", "establishment", "school_urn"],
        ["year_group"] = ["year_group", "year", "yeargroup", "nc_year", "ncyear", "ncyearactual", "nationalcurriculumyear"],
        ["household_id"] = ["household_id", "household", "family_id", "family"],
        ["dob"] = ["dob", "date_of_birth", "birth_date", "dateofbirth", "birthdate"],
        ["home_id"] = ["home_id", "home", "placement_id", "childrens_home", "children_home", "placement"],
        ["date"] = ["date", "mark_date", "session_date", "attendance_date", "day", "seen_date"],
        ["session"] = ["session", "am_pm", "ampm", "half_day", "half", "period"],
        ["code"] = ["code", "mark", "attendance_code", "register_code", "attendancecode", "absence_code"],
        ["episode_id"] = ["episode_id", "missing_id", "miss_table_id", "episode"],
        ["start"] = ["start", "start_time", "started", "missing_from", "missing_start", "mis_start", "start_date", "from", "miss_missing_episode_start_date"],
        ["end"] = ["end", "end_time", "ended", "missing_to", "missing_end", "mis_end", "end_date", "to", "returned", "found", "miss_missing_episode_end_date"],
        ["place_found"] = ["place_found", "found_place", "found_at", "place", "location_found", "location"],
        ["kind"] = ["kind", "type", "association_kind", "association_type"],
        ["value"] = ["value", "association_value", "thing", "identifier"],
    };

    /// <summary>Reads <c>person_id,school_id,year_group,household_id,dob,home_id</c>; only <c>person_id</c> must be there. A person given twice is reported and the first kept.</summary>
    /// <param name="stream">Comma-separated UTF-8 with a header.</param>
    /// <param name="columns">Own names of columns: key is the usual name, value the name in the file. Null for none.</param>
    /// <exception cref="LinksInputException">The file has no header or no person_id.</exception>
    public void ReadPeople(Stream stream, IReadOnlyDictionary<string, string>? columns = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var rows = new CsvRows(stream, "people");
        var header = Header(rows, "people", columns, ["person_id"], ["school_id", "year_group", "household_id", "dob", "home_id"]);
        var (id, school, year, household, dob, home) = (header[0], header[1], header[2], header[3], header[4], header[5]);
        var lastSchool = new Recent();
        var lastYear = new Recent();
        while (rows.Read())
        {
            if (rows[id].Length == 0)
            {
                Problems.Add("people", rows.Line, "no-identifier", "no person_id; row left out");
                continue;
            }

            if (dob >= 0 && rows[dob].Length > 0 && !TryDay(rows[dob], out _))
                Problems.Add("people", rows.Line, "bad-date", $"date of birth '{rows.Text(dob)}' is not a date; row kept without it");
            if (!AddPerson(rows[id], lastSchool.Text(rows, school), lastYear.Text(rows, year), rows[household], rows[home]))
                Problems.Add("people", rows.Line, "duplicate", $"person {rows.Text(id)} was given before; the first row is kept");
        }

        if (Register.People != PeopleCount) Register = new Register(PeopleCount);
    }

    /// <summary>
    /// Reads missing episodes: <c>episode_id,person_id,start,end,place_found</c>. Times are local (Europe/London) or carry an offset. An end before its
    /// start is reported and left out; overlapping spells of one child are joined and reported; an empty end means still missing.
    /// </summary>
    /// <exception cref="LinksInputException">The file has no header, or no person_id or start.</exception>
    public void ReadMissing(Stream stream, IReadOnlyDictionary<string, string>? columns = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var rows = new CsvRows(stream, "missing");
        var header = Header(rows, "missing", columns, ["person_id", "start"], ["end", "place_found", "episode_id"]);
        var (person, start, end, place, episode) = (header[0], header[1], header[2], header[3], header[4]);
        var read = new List<(Episode Episode, int Line, bool New)>();
        foreach (var old in Episodes) read.Add((old, 0, false));
        var seenIds = new HashSet<string>(StringComparer.Ordinal);
        while (rows.Read())
        {
            var who = Ids.Find(rows[person]);
            if (who < 0)
            {
                Problems.Add("missing", rows.Line, "nobody", $"person '{rows.Text(person)}' is not in people; row left out");
                continue;
            }

            if (!TryMinutes(rows.Text(start), false, "missing", rows.Line, out var from))
            {
                Problems.Add("missing", rows.Line, "bad-time", $"start '{rows.Text(start)}' is not a date or time (yyyy-mm-dd hh:mm); row left out");
                continue;
            }

            var to = Episode.OpenEnd;
            if (end >= 0 && rows[end].Length > 0)
            {
                if (!TryMinutes(rows.Text(end), true, "missing", rows.Line, out to))
                {
                    Problems.Add("missing", rows.Line, "bad-time", $"end '{rows.Text(end)}' is not a date or time; row left out");
                    continue;
                }

                // In the hour that comes twice in October an end may read earlier than its start and be right.
                if (to < from && to + 60 >= from && IsRepeatedHour(from) && IsRepeatedHour(to))
                {
                    Problems.Add("missing", rows.Line, "clock-change", "the end reads before the start inside the hour that comes twice; taken as the second time round");
                    to += 60;
                }

                if (to < from)
                {
                    Problems.Add("missing", rows.Line, "end-before-start", $"end '{rows.Text(end)}' is before start '{rows.Text(start)}'; row left out");
                    continue;
                }
            }

            if (episode >= 0 && rows[episode].Length > 0 && !seenIds.Add(rows.Text(episode)))
                Problems.Add("missing", rows.Line, "duplicate", $"episode {rows.Text(episode)} was given before; read all the same, equal spells count once");
            var thing = -1;
            if (place >= 0)
            {
                var value = ValueNormaliser.Value("place", rows.Text(place));
                if (value.Length > 0) thing = ThingId("place", value);
            }

            if (thing >= 0) AddMention(who, thing, (int)(from / 1440));
            read.Add((new Episode(who, from, to, thing), rows.Line, true));
        }

        LeaveOutStrays(read);
        read.Sort((a, b) =>
        {
            var c = a.Episode.Person.CompareTo(b.Episode.Person);
            if (c == 0) c = a.Episode.Start.CompareTo(b.Episode.Start);
            if (c == 0) c = a.Episode.End.CompareTo(b.Episode.End);
            return c == 0 ? a.Line.CompareTo(b.Line) : c;
        });
        Episodes.Clear();
        foreach (var (next, line, isNew) in read)
        {
            if (Episodes.Count > 0 && Episodes[^1].Person == next.Person && (next.Start < Episodes[^1].End || next.Start == Episodes[^1].Start))
            {
                var last = Episodes[^1];
                var same = last.Start == next.Start && last.End == next.End;
                if (line > 0)
                {
                    Problems.Add("missing", line, same ? "duplicate" : "overlap", same
                        ? $"the same spell of person {PersonId(next.Person)} was given before; counted once"
                        : $"overlaps an earlier spell of person {PersonId(next.Person)}; the two are joined");
                }

                Episodes[^1] = last with { End = Math.Max(last.End, next.End), Thing = last.Thing >= 0 ? last.Thing : next.Thing };
            }
            else
            {
                Episodes.Add(next);
            }

            _ = isNew;
        }
    }

    // A year mistyped would stretch the time in which nights could coincide, and make every coincidence look rare.
    private void LeaveOutStrays(List<(Episode Episode, int Line, bool New)> read)
    {
        if (read.Count < 3) return;
        var starts = read.ConvertAll(r => r.Episode.Start);
        starts.Sort();
        var middle = starts[starts.Count / 2];
        foreach (var (episode, line, _) in read)
        {
            if (Math.Abs(episode.Start - middle) <= FarthestStart) continue;
            if (line > 0) Problems.Add("missing", line, "far-date", string.Create(CultureInfo.InvariantCulture, $"starts in {DateOnly.FromDayNumber((int)(episode.Start / 1440)).Year}, more than four years from most of the others; check the year; row left out"));
        }

        read.RemoveAll(r => Math.Abs(r.Episode.Start - middle) > FarthestStart);
    }

    /// <summary>Reads what children share: <c>person_id,kind,value,date</c>. Values are brought to one form; a child's second mention of the same thing adds nothing.</summary>
    /// <exception cref="LinksInputException">The file has no header, or no person_id, kind or value.</exception>
    public void ReadAssociations(Stream stream, IReadOnlyDictionary<string, string>? columns = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var rows = new CsvRows(stream, "associations");
        var header = Header(rows, "associations", columns, ["person_id", "kind", "value"], ["date"]);
        var (person, kind, value, date) = (header[0], header[1], header[2], header[3]);
        while (rows.Read())
        {
            var who = Ids.Find(rows[person]);
            if (who < 0)
            {
                Problems.Add("associations", rows.Line, "nobody", $"person '{rows.Text(person)}' is not in people; row left out");
                continue;
            }

            var day = 0;
            if (date >= 0 && rows[date].Length > 0 && !TryDay(rows[date], out day))
                Problems.Add("associations", rows.Line, "bad-date", $"date '{rows.Text(date)}' is not a date; row kept without it");
            var kindName = ValueNormaliser.Kind(rows.Text(kind));
            var thingValue = ValueNormaliser.Value(kindName, rows.Text(value));
            if (thingValue.Length == 0)
            {
                Problems.Add("associations", rows.Line, "no-value", $"'{rows.Text(value)}' is not a value; row left out");
                continue;
            }

            if (!AddMention(who, ThingId(kindName, thingValue), day))
                Problems.Add("associations", rows.Line, "repeat", $"person {PersonId(who)} already has this {kindName}; counted once");
        }
    }

    internal static int[] Header(CsvRows rows, string file, IReadOnlyDictionary<string, string>? columns, string[] required, string[] optional)
    {
        if (!rows.Read()) throw new LinksInputException($"{file}: the file is empty; a header row such as {string.Join(',', required.Concat(optional))} is needed.");
        var names = new string[rows.FieldCount];
        for (var i = 0; i < names.Length; i++) names[i] = NormalName(rows.Text(i));
        return Columns(names, file, columns, required, optional);
    }

    internal static int[] Columns(string[] names, string file, IReadOnlyDictionary<string, string>? columns, string[] required, string[] optional)
    {
        var found = new int[required.Length + optional.Length];
        for (var i = 0; i < found.Length; i++)
        {
            var wanted = i < required.Length ? required[i] : optional[i - required.Length];
            found[i] = -1;
            if (columns is not null && columns.TryGetValue(wanted, out var own))
            {
                found[i] = Array.IndexOf(names, NormalName(own));
                if (found[i] < 0) throw new LinksInputException($"{file}: there is no column '{own}' to use as {wanted}. Columns found: {string.Join(", ", names)}.");
                continue;
            }

            foreach (var alias in Aliases[wanted])
            {
                var at = Array.IndexOf(names, alias);
                if (at < 0 || found.AsSpan(0, i).Contains(at)) continue;
                found[i] = at;
                break;
            }

            if (found[i] < 0 && i < required.Length)
                throw new LinksInputException($"{file}: no column for {wanted} (accepted: {string.Join(", ", Aliases[wanted])}). Columns found: {string.Join(", ", names)}. Map it with --map {wanted}=NAME.");
        }

        return found;
    }

    internal static string NormalName(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var c in name.Trim().Trim('"'))
        {
            if (char.IsLetterOrDigit(c)) text.Append(char.ToLowerInvariant(c));
            else if (text.Length > 0 && text[^1] != '_') text.Append('_');
        }

        return text.ToString().TrimEnd('_');
    }

    /// <summary>yyyy-mm-dd (with anything after a blank or T ignored), yyyymmdd or dd/mm/yyyy, from 2000 to 2099 for marks; as a day number.</summary>
    internal static bool TryDay(ReadOnlySpan<byte> text, out int day)
    {
        day = 0;
        int year, month, dayOfMonth;
        if (text.Length >= 10 && text[4] == '-' && text[7] == '-')
        {
            if (text.Length > 10 && text[10] is not ((byte)' ' or (byte)'T')) return false;
            year = Digits(text[..4]);
            month = Digits(text.Slice(5, 2));
            dayOfMonth = Digits(text.Slice(8, 2));
        }
        else if (text.Length >= 10 && (text[2] == '/' || text[2] == '-' || text[2] == '.') && text[5] == text[2])
        {
            if (text.Length > 10 && text[10] != ' ') return false;
            year = Digits(text.Slice(6, 4));
            month = Digits(text.Slice(3, 2));
            dayOfMonth = Digits(text[..2]);
        }
        else if (text.Length == 8)
        {
            year = Digits(text[..4]);
            month = Digits(text.Slice(4, 2));
            dayOfMonth = Digits(text.Slice(6, 2));
        }
        else
        {
            return false;
        }

        if (year is < 1900 or > 2199 || month is < 1 or > 12 || dayOfMonth < 1 || dayOfMonth > DateTime.DaysInMonth(year, month)) return false;
        day = new DateOnly(year, month, dayOfMonth).DayNumber;
        return true;
    }

    private static int Digits(ReadOnlySpan<byte> text)
    {
        var n = 0;
        foreach (var b in text)
        {
            if (b is < (byte)'0' or > (byte)'9') return -1;
            n = (n * 10) + b - '0';
        }

        return n;
    }

    private bool TryMinutes(string text, bool isEnd, string file, long line, out long minutes)
    {
        minutes = 0;
        if (!TryDay(Encoding.UTF8.GetBytes(text), out var day)) return false;
        var rest = text.Length > 10 ? text.AsSpan(10).Trim(" T") : default;
        if (rest.Length == 0)
        {
            // A date alone: the spell runs from noon of its first day to noon of its last, or to the end of a single day.
            minutes = (day * 1440L) + (isEnd ? 1080 : 720);
            return true;
        }

        var offset = int.MinValue;
        if (rest[^1] is 'Z' or 'z')
        {
            offset = 0;
            rest = rest[..^1];
        }
        else
        {
            var sign = rest.LastIndexOfAny('+', '-');
            if (sign > 0)
            {
                var zone = rest[(sign + 1)..];
                var negative = rest[sign] == '-';
                var colon = zone.IndexOf(':');
                var hours = colon >= 0 ? zone[..colon] : zone.Length >= 2 ? zone[..2] : zone;
                var mins = colon >= 0 ? zone[(colon + 1)..] : zone.Length > 2 ? zone[2..] : default;
                if (!int.TryParse(hours, NumberStyles.None, CultureInfo.InvariantCulture, out var zoneHours)) return false;
                var zoneMinutes = 0;
                if (mins.Length > 0 && !int.TryParse(mins, NumberStyles.None, CultureInfo.InvariantCulture, out zoneMinutes)) return false;
                offset = ((zoneHours * 60) + zoneMinutes) * (negative ? -1 : 1);
                rest = rest[..sign];
            }
        }

        var first = rest.IndexOf(':');
        if (first < 1 || !int.TryParse(rest[..first], NumberStyles.None, CultureInfo.InvariantCulture, out var hour) || hour > 23) return false;
        var second = rest[(first + 1)..];
        var next = second.IndexOf(':');
        if (next >= 0) second = second[..next];
        if (!int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var minute) || minute > 59) return false;
        minutes = (day * 1440L) + (hour * 60) + minute;
        if (offset != int.MinValue)
        {
            minutes = ToLocal(minutes - offset);
            return true;
        }

        if (IsSkippedHour(minutes))
        {
            Problems.Add(file, line, "clock-change", $"'{text}' falls in the hour that does not exist when clocks go forward; taken an hour later");
            minutes += 60;
        }

        return true;
    }

    private static readonly DateTimeZone London = DateTimeZoneProviders.Tzdb["Europe/London"];

    private static long ToLocal(long utcMinutes)
    {
        var instant = Instant.FromUtc(1, 1, 1, 0, 0).Plus(Duration.FromMinutes(utcMinutes));
        return utcMinutes + (London.GetUtcOffset(instant).Seconds / 60);
    }

    // Only the last Sunday of March and October can be a change, so the zone is asked for those days alone.
    private static bool IsSkippedHour(long minutes) => Occurrences(minutes, 3) == 0;

    private static bool IsRepeatedHour(long minutes) => Occurrences(minutes, 10) == 2;

    private static int Occurrences(long minutes, int month)
    {
        var date = DateOnly.FromDayNumber((int)(minutes / 1440));
        if (date.Month != month || date.Day < 25 || date.DayOfWeek != DayOfWeek.Sunday) return 1;
        var local = new LocalDateTime(date.Year, date.Month, date.Day, (int)(minutes % 1440 / 60), (int)(minutes % 60));
        return London.MapLocal(local).Count;
    }

    // Files are mostly sorted by school, so the same bytes come again and again.
    private struct Recent
    {
        private byte[]? _bytes;
        private string? _text;

        public string Text(CsvRows rows, int column)
        {
            if (column < 0) return "";
            var field = rows[column];
            if (_bytes is not null && field.SequenceEqual(_bytes)) return _text!;
            _bytes = field.ToArray();
            return _text = Encoding.UTF8.GetString(field);
        }
    }
}
