using System.Globalization;

namespace Saccade.TestSupport;

/// <summary>Pages that a thread touched for the first time.</summary>
public static class PageFaults
{
    /// <summary>Of the calling thread so far; Linux only.</summary>
    public static long OfThisThread()
    {
        // The tenth field, counted after the name in parentheses, which may hold spaces.
        var line = File.ReadAllText("/proc/thread-self/stat");
        return long.Parse(line[(line.LastIndexOf(')') + 2)..].Split(' ')[7], CultureInfo.InvariantCulture);
    }
}
