using System.Reflection;

namespace Saccade.TestSupport;

/// <summary>The order of an assembly's folders: a type uses what is in its own folder or on a floor below, nothing above and nothing
/// beside.</summary>
/// <param name="root">The assembly's root namespace.</param>
/// <param name="floors">From the ground up, the namespaces of each floor, without the root; empty for the root itself.</param>
/// <param name="roof">Types that put everything together, by name: above all floors, whatever their namespace.</param>
public sealed class Floors(string root, IReadOnlyList<IReadOnlyList<string>> floors, params string[] roof)
{
    private const string Roof = "(roof)";

    /// <summary>Everything that breaks the order, one sentence each; a namespace that has no floor breaks it too.</summary>
    public IEnumerable<string> Violations(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        foreach (var type in assembly.GetTypes().Where(type => !type.IsNested && IsOurs(type)))
        {
            var (folder, floor) = (FolderOf(type), FloorOf(FolderOf(type)));
            if (floor < 0)
                yield return $"{type.FullName} is on no floor.";
            foreach (var used in TypeReferences.Of(type).Where(used => used.Assembly == assembly && IsOurs(used)))
            {
                var (usedFolder, usedFloor) = (FolderOf(used), FloorOf(FolderOf(used)));
                if (usedFloor > floor)
                    yield return $"{type.FullName} uses {used.FullName}, which is above it.";
                else if (usedFloor == floor && usedFolder != folder)
                    yield return $"{type.FullName} uses {used.FullName}, which is beside it.";
            }
        }
    }

    private bool IsOurs(Type type) => type.Namespace == root || type.Namespace?.StartsWith($"{root}.", StringComparison.Ordinal) == true;

    private string FolderOf(Type type)
    {
        if (roof.Contains(type.Name, StringComparer.Ordinal))
            return Roof;
        return type.Namespace!.Length == root.Length ? "" : type.Namespace[(root.Length + 1)..];
    }

    /// <summary>Counted from the ground; -1 if it is on none.</summary>
    private int FloorOf(string folder)
    {
        if (folder == Roof)
            return floors.Count;
        for (var floor = 0; floor < floors.Count; floor++)
        {
            if (floors[floor].Contains(folder, StringComparer.Ordinal))
                return floor;
        }

        return -1;
    }
}
