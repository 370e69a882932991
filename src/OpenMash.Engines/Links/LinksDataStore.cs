namespace OpenMash.Engines.Links;

public sealed partial class LinksData
{
    /// <summary>Reads marks over those held and returns the people whose unauthorised marks are new or changed, in order.</summary>
    internal List<int> ReadMarksOver(Stream stream)
    {
        var fresh = new Register(PeopleCount);
        new MarksFile(this, fresh, stream, AttendanceCodes.Shipped).Run(null, Environment.ProcessorCount);
        var touched = new SortedSet<int>();
        for (var d = 0; d < fresh.Days.Count; d++)
        {
            var held = Register.PageOrNull(fresh.Days[d]);
            var page = fresh.Pages[d];
            for (var i = 0; i < page.Length; i++)
            {
                if (page[i] == 0) continue;
                if (Register.UnauthorisedMask(page[i]) != 0 || (held is not null && Register.UnauthorisedMask(held[i]) != 0)) touched.Add(i);
            }
        }

        Overlay(fresh);
        return [.. touched];
    }

    internal void Save(BinaryWriter w)
    {
        w.Write(PeopleCount);
        WriteList(w, SchoolNames);
        WriteTable(w, Households);
        WriteTable(w, Homes);
        for (var i = 0; i < PeopleCount; i++)
        {
            var id = Ids[i];
            w.Write((ushort)id.Length);
            w.Write(id);
            w.Write(School[i]);
            w.Write(YearOf(i));
            w.Write(Household[i]);
            w.Write(Home[i]);
        }

        w.Write(Register.Days.Count);
        for (var d = 0; d < Register.Days.Count; d++)
        {
            w.Write(Register.Days[d]);
            w.Write(Register.Pages[d]);
        }

        WriteList(w, KindNames);
        WriteList(w, ThingValue);
        foreach (var kind in ThingKind) w.Write(kind);
        w.Write(Episodes.Count);
        foreach (var e in Episodes)
        {
            w.Write(e.Person);
            w.Write(e.Start);
            w.Write(e.End);
            w.Write(e.Thing);
        }

        w.Write(Mentions.Count);
        foreach (var m in Mentions)
        {
            w.Write(m.Person);
            w.Write(m.Thing);
            w.Write(m.Day);
        }
    }

    internal static LinksData Load(BinaryReader r)
    {
        var data = new LinksData();
        var people = r.ReadInt32();
        var schools = ReadList(r);
        ReadTable(r, data.Households);
        ReadTable(r, data.Homes);
        for (var i = 0; i < people; i++)
        {
            data.Ids.Add(r.ReadBytes(r.ReadUInt16()), out _);
            var (school, year, household, home) = (r.ReadInt32(), r.ReadInt32(), r.ReadInt32(), r.ReadInt32());
            data.AddPersonRow(schools[school], year, household < 0 ? default : data.Households[household], home < 0 ? default : data.Homes[home]);
        }

        data.Register = new Register(people);
        for (var d = r.ReadInt32(); d > 0; d--)
        {
            var page = data.Register.Page(r.ReadInt32());
            r.BaseStream.ReadExactly(page);
        }

        var kinds = ReadList(r);
        var values = ReadList(r);
        foreach (var value in values) data.ThingId(kinds[r.ReadInt32()], value);
        for (var n = r.ReadInt32(); n > 0; n--) data.Episodes.Add(new Episode(r.ReadInt32(), r.ReadInt64(), r.ReadInt64(), r.ReadInt32()));
        for (var n = r.ReadInt32(); n > 0; n--) data.AddMention(r.ReadInt32(), r.ReadInt32(), r.ReadInt32());
        return data;
    }

    private static void WriteTable(BinaryWriter w, IdTable table)
    {
        w.Write(table.Count);
        for (var i = 0; i < table.Count; i++)
        {
            w.Write((ushort)table[i].Length);
            w.Write(table[i]);
        }
    }

    private static void ReadTable(BinaryReader r, IdTable table)
    {
        for (var n = r.ReadInt32(); n > 0; n--) table.Add(r.ReadBytes(r.ReadUInt16()), out _);
    }

    private static void WriteList(BinaryWriter w, List<string> list)
    {
        w.Write(list.Count);
        foreach (var text in list) w.Write(text);
    }

    private static List<string> ReadList(BinaryReader r)
    {
        var count = r.ReadInt32();
        var list = new List<string>(count);
        for (var k = 0; k < count; k++) list.Add(r.ReadString());
        return list;
    }
}
