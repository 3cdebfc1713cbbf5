using System.Text;
using Microsoft.ML.OnnxRuntime;
using Saccade.Inference.Bundles;

namespace Saccade.Inference.Execution.Sessions;

/// <summary>
/// Opens networks whose weights are in files beside them. ONNX Runtime maps such files into memory and reads them for as long as it serves,
/// so a copy over one of them would change the answers, or end the process with SIGBUS once the file is shorter. It therefore gets files of
/// its own, in the system's folder for temporary files, which have no name any more as soon as they are mapped: the room is freed with the
/// session, or with the process. Windows refuses to write over a mapped file, and to delete it, so there it gets the files themselves.
/// </summary>
internal static class ExternalWeights
{
    /// <summary>Opens.</summary>
    /// <param name="modelPath">The network.</param>
    /// <param name="options">Of the session.</param>
    /// <exception cref="OnnxRuntimeException">The network is no valid model, or the device refuses it.</exception>
    /// <exception cref="IOException">The weights cannot be copied: no room there, or no right to write.</exception>
    public static InferenceSession Open(string modelPath, SessionOptions options)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(modelPath))!;
        var weights = OperatingSystem.IsWindows() ? [] : NamedBy(modelPath, folder);
        if (weights.Count == 0)
            return new InferenceSession(modelPath, options);

        string? copies = null;
        try
        {
            copies = Copy([Path.GetFileName(modelPath), .. weights], folder);
            return new InferenceSession(Path.Combine(copies, Path.GetFileName(modelPath)), options);
        }
        finally
        {
            if (copies is not null)
                Directory.Delete(copies, recursive: true);
        }
    }

    /// <summary>The files under a network's folder that its graph names, as paths relative to it.</summary>
    private static List<string> NamedBy(string modelPath, string folder)
    {
        var others = Directory
            .EnumerateFiles(folder, "*", BundleSnapshot.EveryFile)
            .Select(path => Path.GetRelativePath(folder, path))
            .Where(name => !BundleFiles.IsNetwork(name) && !IsText(name))
            .ToList();
        if (others.Count == 0)
            return others;

        var graph = File.ReadAllBytes(modelPath);
        return others.FindAll(name => graph.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name)) >= 0);
    }

    /// <summary>Most bundles hold nothing else beside the network; it need not be searched for their names.</summary>
    private static bool IsText(string name) => Path.GetExtension(name) is ".json" or ".txt" or ".md" or ".pbtxt";

    private static string Copy(IEnumerable<string> names, string folder)
    {
        string? copies = null;
        try
        {
            copies = Directory.CreateTempSubdirectory("saccade-weights-").FullName;
            foreach (var name in names)
            {
                var copy = Path.Combine(copies, name);
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(Path.Combine(folder, name), copy);
            }

            return copies;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (copies is not null)
                Directory.Delete(copies, recursive: true);
            throw new IOException(
                $"The weights beside {BundleFiles.ModelFile} cannot be copied to the folder for temporary files (TMPDIR): {error.Message}",
                error
            );
        }
    }
}
