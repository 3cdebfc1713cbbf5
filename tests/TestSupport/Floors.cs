using System.Reflection;

namespace Saccade.TestSupport;

/// <summary>The order of an assembly's folders: a type uses what is on its own floor or below it, and nothing above.</summary>
/// <param name="root">The assembly's root namespace.</param>
/// <param name="floors">Namespaces from the ground up, without the root; empty for the root itself.</param>
/// <param name="roof">Types that put everything together, by name: above all floors, whatever their namespace.</param>
public sealed class Floors(string root, string[] floors, params string[] roof)
{
    /// <summary>Everything that breaks the order, one sentence each; a namespace that has no floor breaks it too.</summary>
    public IEnumerable<string> Violations(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        foreach (var type in assembly.GetTypes().Where(type => !type.IsNested && IsOurs(type)))
        {
            if (FloorOf(type) < 0)
                yield return $"{type.FullName} is on no floor.";
            foreach (
                var used in TypeReferences
                    .Of(type)
                    .Where(used => used.Assembly == assembly && IsOurs(used) && FloorOf(used) > FloorOf(type))
            )
                yield return $"{type.FullName} uses {used.FullName}, which is above it.";
        }
    }

    private bool IsOurs(Type type) => type.Namespace == root || type.Namespace?.StartsWith($"{root}.", StringComparison.Ordinal) == true;

    private int FloorOf(Type type)
    {
        if (roof.Contains(type.Name, StringComparer.Ordinal))
            return floors.Length;
        var folder = type.Namespace!.Length == root.Length ? "" : type.Namespace[(root.Length + 1)..];
        return Array.IndexOf(floors, folder);
    }
}
