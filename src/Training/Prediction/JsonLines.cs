namespace Saccade.Training.Prediction;

/// <summary>Lines of a file as bytes.</summary>
internal static class JsonLines
{
    private const byte NewLine = (byte)'\n';

    /// <summary>Every line that has an end, without it; what comes after the last end is no line.</summary>
    /// <param name="file">Read from where it is.</param>
    /// <returns>Each line's bytes are good until the next is asked for.</returns>
    public static IEnumerable<ReadOnlyMemory<byte>> Of(Stream file)
    {
        var buffer = new byte[1 << 16];
        var (start, end) = (0, 0);
        while (true)
        {
            for (int length; (length = buffer.AsSpan(start, end - start).IndexOf(NewLine)) >= 0; start += length + 1)
                yield return buffer.AsMemory(start, length);

            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            if (end == buffer.Length)
                Array.Resize(ref buffer, 2 * buffer.Length);
            var read = file.Read(buffer, end, buffer.Length - end);
            if (read == 0)
                yield break;
            end += read;
        }
    }

    /// <summary>Every row.</summary>
    /// <exception cref="InvalidDataException">A line is no row.</exception>
    public static IEnumerable<PredictionRow> Rows(string path)
    {
        using var file = File.OpenRead(path);
        foreach (var (number, line) in Of(file).Index())
            yield return PredictionRow.Read(line.Span) ?? throw new InvalidDataException($"'{path}': line {number + 1} is no row.");
    }
}
