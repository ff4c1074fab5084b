using System.Text;

namespace UniPT.Cli.Output;

/// <summary>
/// The output of verbs. Captions, names and metadata come from files that are not trusted: nothing in what is printed can steer the
/// terminal. A terminal that was closed takes no more and is no error, so that a run that is to be saved gets to it.
/// </summary>
internal sealed class PrintableWriter(TextWriter inner, bool terminal) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(string? value) => Send(writer => writer.Write(PrintableText.Lines(value ?? "")));

    public override void WriteLine(string? value) => Send(writer => writer.WriteLine(PrintableText.Lines(value ?? "")));

    public override void WriteLine() => Send(writer => writer.WriteLine());

    public override void Flush() => Send(writer => writer.Flush());

    private void Send(Action<TextWriter> write)
    {
        try
        {
            write(inner);
        }
        catch (IOException) when (terminal)
        {
            // It was closed.
        }
    }
}
