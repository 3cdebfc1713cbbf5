namespace Saccade.Inference.Bundles;

/// <summary>Which versions of a model are served: <c>version_policy</c>.</summary>
/// <param name="Latest">The highest so many; null where that is not the rule.</param>
/// <param name="Specific">These; null where that is not the rule. Neither: all.</param>
internal sealed record VersionPolicy(int? Latest = null, IReadOnlyList<long>? Specific = null)
{
    /// <summary>What holds where nothing is said.</summary>
    public static VersionPolicy Default { get; } = new(Latest: 1);

    /// <summary>Those of some versions that are served, in their order.</summary>
    public IEnumerable<long> Of(IReadOnlyList<long> versions)
    {
        if (Specific is not null)
            return versions.Where(Specific.Contains);
        if (Latest is not { } count)
            return versions;
        var highest = versions.OrderDescending().Take(count).ToHashSet();
        return versions.Where(highest.Contains);
    }
}
