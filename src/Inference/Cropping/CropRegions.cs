namespace Saccade.Inference.Cropping;

/// <summary>Which regions of the resized image to compute for a plan.</summary>
internal static class CropRegions
{
    /// <summary>
    /// Windows of a size that lie near each other share a region, where that is less work: of an image that is a thousand times as long as
    /// it is wide, the corners lie far apart and what is between them is in no crop.
    /// </summary>
    /// <returns>The regions with the size that each is part of, and for each crop the index of its own.</returns>
    public static (ScaledRegion[] Regions, int[] OfCrop) Plan(CropPlan plan)
    {
        var regions = new List<ScaledRegion>();
        foreach (Crop crop in plan.Crops)
        {
            if (!regions.Exists(region => region.Holds(crop)))
                Join(regions, new ScaledRegion(crop.Scale, crop.Window));
        }

        return ([.. regions], [.. plan.Crops.Select(crop => regions.FindIndex(region => region.Holds(crop)))]);
    }

    /// <summary>Adds a region, taking in every other one that costs no more to compute together than apart.</summary>
    private static void Join(List<ScaledRegion> regions, ScaledRegion joined)
    {
        int other;
        while ((other = regions.FindIndex(joined.IsBetterWith)) >= 0)
        {
            joined = joined with { Region = joined.Region.Union(regions[other].Region) };
            regions.RemoveAt(other);
        }

        regions.Add(joined);
    }
}

/// <summary>A region of the image at one of the plan's sizes.</summary>
/// <param name="Scale">Index of the size.</param>
/// <param name="Region">What of it.</param>
internal readonly record struct ScaledRegion(int Scale, PixelRegion Region)
{
    /// <summary>Whether the whole window is in it.</summary>
    public bool Holds(Crop crop) => crop.Scale == Scale && Region.Union(crop.Window) == Region;

    /// <summary>Whether one region around both is no larger than the two.</summary>
    public bool IsBetterWith(ScaledRegion other) =>
        other.Scale == Scale && Region.Union(other.Region).Area <= Region.Area + other.Region.Area;
}
