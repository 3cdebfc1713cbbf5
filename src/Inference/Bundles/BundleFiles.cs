using System.Security.Cryptography;
using System.Text;

namespace Saccade.Inference.Bundles;

/// <summary>Reads what is in a bundle's folder, before any runtime is asked. Only regular files are opened.</summary>
internal static class BundleFiles
{
    /// <summary>File name of the network.</summary>
    public const string ModelFile = "model.onnx";

    private const string NetworkExtension = ".onnx";
    private const int LongestJson = 64 << 20;
    private const int Block = 1 << 20;

    /// <summary>Whether something has the name, be it a file or not.</summary>
    public static bool Exists(string folder, string name) => FileStatus.Of(Path.Combine(folder, name)) is not null;

    /// <summary>Names of the files that belong into a version's folder, in another one.</summary>
    public static IEnumerable<string> LooseIn(string folder) =>
        Directory
            .EnumerateFiles(folder)
            .Select(path => Path.GetFileName(path))
            .Where(name => IsNetwork(name) || name is ManifestJson.FileName or EnsembleJson.FileName)
            .Order(StringComparer.Ordinal);

    /// <summary>The path of the network.</summary>
    /// <param name="folder">Of the bundle.</param>
    /// <param name="name">Its file name.</param>
    /// <exception cref="InvalidDataException">There is none, or what has its name is no file or an empty one.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string ModelPath(string folder, string name = ModelFile)
    {
        var path = Find(folder, name) ?? throw new InvalidDataException($"There is no {name}{Instead(folder, name)}.");
        using var file = File.OpenRead(path);
        return file.ReadByte() >= 0 ? path : throw new InvalidDataException($"{name} is empty.");
    }

    /// <summary>Checks that the network is the one that a manifest was written for, if it says which.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    /// <param name="path">Of the network.</param>
    /// <param name="expected">Lower-case hexadecimal; null if it does not say.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    public static void RequireSha256(string path, string? expected, CancellationToken cancellationToken)
    {
        if (expected is not null && Sha256(path, cancellationToken) is var actual && actual != expected)
        {
            throw new InvalidDataException(
                $"{Path.GetFileName(path)} is not the file the manifest was written for: its SHA-256 is {actual}, not {expected}."
            );
        }
    }

    /// <summary>The path of a regular file; null if nothing has the name.</summary>
    /// <exception cref="InvalidDataException">What has the name is something else.</exception>
    public static string? Find(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return FileStatus.Of(path)?.Kind switch
        {
            FileKind.File => path,
            null when new FileInfo(path).LinkTarget is null => null,
            null => throw new InvalidDataException($"{name} is a link to nothing."),
            FileKind.Directory => throw new InvalidDataException($"{name} is a folder, not a file."),
            FileKind.Pipe => throw new InvalidDataException($"{name} is a named pipe, not a file."),
            FileKind.Socket => throw new InvalidDataException($"{name} is a socket, not a file."),
            _ => throw new InvalidDataException($"{name} is a device, not a file."),
        };
    }

    /// <summary>Checks that nothing in a bundle's folder, such as weights beside the network, makes its reader wait for ever.</summary>
    /// <exception cref="InvalidDataException">A pipe, a socket or a device is there.</exception>
    public static void RequireFiles(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            if (FileStatus.Of(path)?.Kind is FileKind.Pipe or FileKind.Socket or FileKind.Device)
                _ = Find(folder, Path.GetFileName(path));
        }
    }

    /// <summary>The content of a small file of text, without the byte order mark that editors of Windows put first.</summary>
    /// <exception cref="InvalidDataException">It is not small.</exception>
    public static byte[] ReadJson(string path)
    {
        if (FileStatus.Of(path)?.Length is not <= LongestJson)
            throw new InvalidDataException($"{Path.GetFileName(path)} has more than {LongestJson} bytes.");
        var text = File.ReadAllBytes(path);
        return text.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text;
    }

    /// <summary>What the folder holds in the network's place, to be said to whoever put it there.</summary>
    private static string Instead(string folder, string name)
    {
        string[] networks = Directory.Exists(folder) ? [.. LooseIn(folder).Where(IsNetwork)] : [];
        return networks.Length == 0 ? "" : $"; the folder holds {string.Join(", ", networks)}: the network must be named {name}";
    }

    /// <summary>Whether a file is named like a network.</summary>
    public static bool IsNetwork(string name) => name.EndsWith(NetworkExtension, StringComparison.OrdinalIgnoreCase);

    /// <summary>Lower-case hexadecimal SHA-256 of a file.</summary>
    public static string Sha256(string path, CancellationToken cancellationToken)
    {
        using var file = File.OpenRead(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[Block];
        for (int read; (read = file.Read(block)) > 0; )
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(block.AsSpan(0, read));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
