using System;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Writes a copy of an ELF library in which the need for one symbol version is weak, where the system's libstdc++ lacks that version.
/// An inline MSBuild task: NativeLibraries.targets says why. Layout: the ELF specification, and "Version Dependency" in the
/// Linux Standard Base, section 10.7.
/// </summary>
public sealed class MakeVersionWeak : Task
{
    private const uint SectionOfNeeds = 0x6ffffffe;
    private const ushort Weak = 2;

    /// <summary>A 64-bit little-endian ELF file.</summary>
    [Required]
    public string Library { get; set; }

    /// <summary>Such as GLIBCXX_3.4.32.</summary>
    [Required]
    public string Version { get; set; }

    /// <summary>Where the copy goes.</summary>
    [Required]
    public string Copy { get; set; }

    /// <summary>Whether <see cref="Copy"/> is to be used instead of <see cref="Library"/>.</summary>
    [Output]
    public bool Written { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        string standardLibrary = new[] { "/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib" }
            .Select(folder => Path.Combine(folder, "libstdc++.so.6"))
            .FirstOrDefault(File.Exists);
        if (standardLibrary == null || Contains(File.ReadAllBytes(standardLibrary), Version))
        {
            return true;
        }

        Written = true;
        if (File.Exists(Copy))
        {
            return true;
        }

        byte[] file = File.ReadAllBytes(Library);
        if (!MarkWeak(file))
        {
            Log.LogError("{0} does not ask for {1}; look again whether {2} lets it load.", Library, Version, standardLibrary);
            return false;
        }

        // Projects build side by side: each writes a draft of its own, and the first to rename it wins; the others have the same bytes.
        Directory.CreateDirectory(Path.GetDirectoryName(Copy));
        string draft = Copy + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(draft, file);
        try
        {
            File.Move(draft, Copy);
        }
        catch (IOException)
        {
            File.Delete(draft);
        }

        return true;
    }

    private bool MarkWeak(byte[] file)
    {
        int sections = (int)BitConverter.ToUInt64(file, 0x28);
        int entrySize = BitConverter.ToUInt16(file, 0x3A);
        int count = BitConverter.ToUInt16(file, 0x3C);
        for (int i = 0; i < count; i++)
        {
            int header = sections + i * entrySize;
            if (BitConverter.ToUInt32(file, header + 4) != SectionOfNeeds)
            {
                continue;
            }

            int need = (int)BitConverter.ToUInt64(file, header + 0x18);
            int strings = (int)BitConverter.ToUInt64(file, sections + (int)BitConverter.ToUInt32(file, header + 0x28) * entrySize + 0x18);
            if (MarkNeeds(file, need, strings))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Verneed: version, count, file, first vernaux, next. Vernaux: hash, flags, other, name, next.</summary>
    private bool MarkNeeds(byte[] file, int need, int strings)
    {
        while (true)
        {
            int version = need + (int)BitConverter.ToUInt32(file, need + 8);
            for (int left = BitConverter.ToUInt16(file, need + 2); left > 0; left--)
            {
                int name = strings + (int)BitConverter.ToUInt32(file, version + 8);
                int end = Array.IndexOf(file, (byte)0, name);
                if (Encoding.ASCII.GetString(file, name, end - name) == Version)
                {
                    BitConverter.GetBytes(Weak).CopyTo(file, version + 4);
                    return true;
                }

                version += (int)BitConverter.ToUInt32(file, version + 12);
            }

            int next = (int)BitConverter.ToUInt32(file, need + 12);
            if (next == 0)
            {
                return false;
            }

            need += next;
        }
    }

    private static bool Contains(byte[] file, string text) =>
        Encoding.GetEncoding("ISO-8859-1").GetString(file).IndexOf(text + "\0", StringComparison.Ordinal) >= 0;
}
