using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Saccade.Training.Data;

/// <summary>Decodes every file of a listing with the service's decoder, so that all that cannot be read are known at once.</summary>
internal static class FileCheck
{
    private const int MostListed = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>Opens all images, on every core.</summary>
    /// <param name="images">The files.</param>
    /// <param name="clock">For <paramref name="say"/>.</param>
    /// <param name="say">Told every ten seconds how many are done.</param>
    /// <returns>What was found, in the order of the files.</returns>
    public static CheckedImage[] Run(IReadOnlyList<ListedImage> images, TimeProvider clock, Action<string> say)
    {
        var found = new CheckedImage[images.Count];
        var gate = new Lock();
        var done = 0;
        var told = clock.GetTimestamp();
        Parallel.For(
            0,
            images.Count,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            index =>
            {
                found[index] = Check(images[index]);
                lock (gate)
                {
                    done++;
                    if (clock.GetElapsedTime(told) < Pause)
                        return;
                    told = clock.GetTimestamp();
                    say($"read {done:N0} of {images.Count:N0} images");
                }
            }
        );
        return found;
    }

    /// <summary>The images of a source that can be read, in their order; the others are listed.</summary>
    public static IImageSource Readable(IImageSource source, Action<string> say)
    {
        if (source.Count == 0 || source.FileOf(0) is null)
            return source;
        var images = Run(
            [
                .. Enumerable
                    .Range(0, source.Count)
                    .Select(index => new ListedImage(source.FileOf(index)!, source.LabelOf(index), Part: null)),
            ],
            TimeProvider.System,
            say
        );
        CheckedImage[] unreadable = [.. images.Where(image => image.Problem is not null)];
        if (unreadable.Length == 0)
            return source;
        Tell(unreadable, say);
        say($"going on without {unreadable.Length} of {images.Length} images");
        return new Subset(source, [.. Enumerable.Range(0, images.Length).Where(index => images[index].Problem is null)]);
    }

    /// <summary>Lists the images that cannot be read: the first ones one by one, all of them in a file if there are many.</summary>
    public static void Tell(IReadOnlyList<CheckedImage> unreadable, Action<string> say)
    {
        string[] lines = [.. unreadable.Select(file => $"'{file.Image.Path}' cannot be read: {file.Problem}")];
        foreach (var line in lines.Take(MostListed))
            say(line);
        if (lines.Length <= MostListed)
            return;
        var list = Path.Combine(Path.GetTempPath(), $"unreadable-{Guid.NewGuid():n}.txt");
        File.WriteAllLines(list, lines);
        say($"… and {lines.Length - MostListed} more; all {lines.Length} are listed in '{list}'");
    }

    private static CheckedImage Check(ListedImage image)
    {
        var info = new FileInfo(image.Path);
        try
        {
            if (!info.Exists)
                return new(image, 0, 0, 0, default, "There is no such file.");
            // Pipes and devices have no length either, and reading one might never end.
            if (info.Length == 0)
                return new(image, 0, 0, 0, default, "The file is empty.");
            var bytes = File.ReadAllBytes(image.Path);
            var hash = BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(bytes));
            var result = ImageFiles.Decoder.Decode(bytes);
            using var decoded = result.Image;
            return decoded is null
                ? new(image, 0, 0, bytes.Length, hash, result.Detail)
                : new(image, decoded.Width, decoded.Height, bytes.Length, hash);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new(image, 0, 0, 0, default, exception.Message);
        }
    }
}
