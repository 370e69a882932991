using System.Text;
using OpenMash.Engines.Signs;

namespace OpenMash.EnginesTests.Signs;

public class NoteScreeningTests
{
    private static readonly SignScanner Scanner = new(SignCatalogue.Parse("""{"signs":[{"id":"s1","name":"n","phrases":["older boyfriend"]},{"id":"s,2","name":"n","phrases":["knife"]}]}"""));

    private static (string Output, ScreeningSummary Summary) Screen(byte[] notes, ScreeningOptions? options = null)
    {
        using var output = new MemoryStream();
        var summary = NoteScreening.Run(new MemoryStream(notes), Scanner, output, options);
        return (Encoding.UTF8.GetString(output.ToArray()), summary);
    }

    private static (string Output, ScreeningSummary Summary) Screen(string notes) => Screen(Encoding.UTF8.GetBytes(notes));

    [Fact]
    public void Quotes_and_line_breaks_inside_a_field_are_decoded_before_offsets_are_counted()
    {
        var (output, summary) = Screen("note_id,text\r\n1,\"He said \"\"no\"\".\r\nAn older\nboyfriend\"\r\n");

        Assert.Equal("note_id,sign_id,start,end,text,context\n1,s1,18,33,\"older\nboyfriend\",affirmed\n", output);
        Assert.Equal(1, summary.Notes);
    }

    [Fact]
    public void A_note_of_one_long_line_with_very_many_hits_is_finished()
    {
        // Two hundred thousand hits in 9 MB without a line break: anything that looks back to the beginning of the note for each hit would read a thousand gigabytes.
        var (_, summary) = Screen("note_id,text\n1,\"" + string.Concat(Enumerable.Repeat("Lots of words here and an older boyfriend too. ", 200_000)) + "\"\n");

        Assert.Equal(200_000, summary.Hits);
    }

    [Fact]
    public void Other_columns_are_carried_through_and_a_clashing_name_is_changed()
    {
        var (output, _) = Screen("worker,text,id,context\n\"Ann, B\",a knife,7,\"x \"\"y\"\"\"\n");

        Assert.Equal("note_id,sign_id,start,end,text,context,worker,note_context\n7,\"s,2\",2,7,knife,affirmed,\"Ann, B\",\"x \"\"y\"\"\"\n", output);
    }

    [Fact]
    public void A_byte_order_mark_a_missing_last_line_break_and_blank_lines_are_fine()
    {
        var (output, summary) = Screen("\uFEFFnote_id,text\n\n1,knife\n\r\n2,a knife");

        Assert.Equal(2, summary.Notes);
        Assert.EndsWith("1,\"s,2\",0,5,knife,affirmed\n2,\"s,2\",2,7,knife,affirmed\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_become_one_replacement_character_each_and_are_counted()
    {
        var bytes = Encoding.ASCII.GetBytes("note_id,text\n1,x?y older boyfriend\n2,knife\n");
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xFF;

        var (output, summary) = Screen(bytes);

        Assert.Contains("\n1,s1,4,19,older boyfriend,", output, StringComparison.Ordinal);
        Assert.Equal(1, summary.NotesWithInvalidUtf8);
        Assert.Equal(2, summary.Notes);
    }

    [Fact]
    public void A_bad_row_is_reported_with_its_line_and_does_not_stop_the_rest()
    {
        var (output, summary) = Screen("note_id,text\n1,\"two\nlines\"\n2\n3,a knife,x\n4,\"knife\" x\n5,knife\n");

        Assert.Equal([4L, 5L, 6L], summary.BadRowDetails.Select(b => b.Line));
        Assert.Equal(3, summary.BadRows);
        Assert.Contains("\n5,", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a,b\n1,2\n", "no column \"note_id\"")]
    [InlineData("note_id,b\n1,2\n", "for the text")]
    [InlineData("note_id,text\n1,\"never closed\n2,x\n", "line 2")]
    public void A_file_that_is_no_notes_file_is_refused(string notes, string expected) =>
        Assert.Contains(expected, Assert.Throws<NotesFileException>(() => Screen(notes)).Message, StringComparison.Ordinal);

    [Fact]
    public void UTF16_is_refused_with_advice() =>
        Assert.Contains("UTF-8", Assert.Throws<NotesFileException>(() => Screen(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("note_id,text\n")).ToArray())).Message, StringComparison.Ordinal);

    [Fact]
    public void The_output_is_the_same_for_any_number_of_threads_and_keeps_the_input_order()
    {
        var notes = new StringBuilder("note_id,text\n");
        for (var i = 0; i < 60_000; i++)
            notes.Append(i).Append(i % 7 == 0 ? ",\"She has \"\"an older boyfriend\"\", they say.\"\n" : i % 11 == 0 ? ",denies any knife or odler boyfriend\n" : ",nothing of note was seen on the visit to the home today\n");
        var bytes = Encoding.UTF8.GetBytes(notes.ToString());
        Assert.True(bytes.Length > 3_000_000);

        var one = Screen(bytes, new ScreeningOptions { Threads = 1 });
        var five = Screen(bytes, new ScreeningOptions { Threads = 5 });

        Assert.Equal(one.Output, five.Output);
        Assert.Equal(one.Summary.Hits, five.Summary.Hits);
        var ids = one.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => int.Parse(l.AsSpan(0, l.IndexOf(',', StringComparison.Ordinal)), System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(ids.Order(), ids);
        Assert.Equal(60_000, one.Summary.Notes);
    }

    [Fact]
    public void A_note_larger_than_a_chunk_is_read_whole()
    {
        var text = string.Concat(Enumerable.Repeat("nothing of note here, ", 400_000)) + "an older boyfriend";
        var (output, summary) = Screen($"note_id,text\n1,\"{text}\"\n2,knife\n");

        Assert.Equal(2, summary.Notes);
        Assert.Contains($"1,s1,{text.Length - 15},{text.Length},older boyfriend,", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failing_output_is_an_error_not_a_shorter_result()
    {
        var notes = Encoding.UTF8.GetBytes("note_id,text\n" + string.Concat(Enumerable.Repeat("1,knife\n", 400_000)));

        Assert.Throws<IOException>(() => NoteScreening.Run(new MemoryStream(notes), Scanner, new FullDisk(), new ScreeningOptions { Threads = 3 }));
    }

    [Fact]
    public void A_comparison_says_what_is_gained_and_lost()
    {
        var after = new SignScanner(SignCatalogue.Parse("""{"signs":[{"id":"s1","name":"n","phrases":["boyfriend"]},{"id":"new","name":"n","phrases":["zombie knife"]}]}"""));
        var notes = Encoding.UTF8.GetBytes("note_id,text\n1,an older boyfriend\n2,\"a zombie knife, \"\"big\"\"\"\n");

        var result = SignComparison.Run(new MemoryStream(notes), Scanner, after, new NotesColumns(), 3);

        Assert.Equal((2L, 2L, 2L), (result.Notes, result.HitsBefore, result.HitsAfter));
        var s1 = result.Signs.Single(s => s.SignId == "s1");
        Assert.Equal((1L, 1L), (s1.Gained, s1.Lost));
        Assert.Equal("boyfriend", Assert.Single(s1.GainedExamples).Text);
        Assert.Equal((0L, 1L), (result.Signs.Single(s => s.SignId == "new").Lost, result.Signs.Single(s => s.SignId == "new").Gained));
        Assert.Equal(1, result.Signs.Single(s => s.SignId == "s,2").Lost);
    }

    private sealed class FullDisk : MemoryStream
    {
        private long written;

        public override void Write(byte[] buffer, int offset, int count)
        {
            written += count;
            if (written > 100_000)
                throw new IOException("No space left on device");
        }

        public override void Write(ReadOnlySpan<byte> buffer) => written += buffer.Length;
    }
}
