using System.IO.Compression;

namespace Saccade.Training.Tests.Weights;

/// <summary>Files as torch.save would write them around a pickle.</summary>
internal static class TorchFiles
{
    internal static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Weights", "Fixtures", name);

    /// <summary>A zip archive.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="pickle">What <c>data.pkl</c> holds.</param>
    /// <param name="entries">Others, by name below the archive's folder.</param>
    internal static void WriteZip(string path, byte[] pickle, params (string Name, byte[] Content)[] entries)
    {
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach (var (name, content) in entries.Prepend(("data.pkl", pickle)))
        {
            using var entry = archive.CreateEntry($"archive/{name}", CompressionLevel.NoCompression).Open();
            entry.Write(content);
        }
    }
}
