namespace Saccade.Bench.Processes;

/// <summary>The repository this program was built from.</summary>
public static class Checkout
{
    /// <summary>Its root: the folder with <c>Service.sln</c>, found upwards from the program.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>A path in it.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Service.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No Service.sln above {from}: run this from a checkout.");
    }
}
