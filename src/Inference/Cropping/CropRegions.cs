namespace Saccade.Inference.Cropping;

/// <summary>Which regions of the resized picture to compute for a plan.</summary>
internal static class CropRegions
{
    /// <summary>
    /// One region around all crops of a size, or one for each window where that is less work: of a picture that is a
    /// thousand times as long as it is wide, the corners lie far apart and what is between them is never looked at.
    /// </summary>
    /// <returns>The regions, and for each crop the index of its own.</returns>
    public static (PixelRegion[] Regions, int[] OfCrop) Plan(CropPlan plan)
    {
        var regions = new List<PixelRegion>();
        int[] ofCrop = new int[plan.Crops.Count];
        for (int scale = 0; scale < plan.Scales.Count; scale++)
        {
            int[] crops = [.. Enumerable.Range(0, plan.Crops.Count).Where(crop => plan.Crops[crop].Scale == scale)];
            PixelRegion[] windows = [.. crops.Select(crop => Window(plan, crop)).Distinct()];
            PixelRegion around = windows.Aggregate((left, right) => left.Union(right));
            if (around.Area <= windows.Sum(window => window.Area))
            {
                windows = [around];
            }

            foreach (int crop in crops)
            {
                ofCrop[crop] = regions.Count + (windows.Length == 1 ? 0 : Array.IndexOf(windows, Window(plan, crop)));
            }

            regions.AddRange(windows);
        }

        return ([.. regions], ofCrop);
    }

    private static PixelRegion Window(CropPlan plan, int crop) =>
        new(plan.Crops[crop].X, plan.Crops[crop].Y, plan.CropSize.Width, plan.CropSize.Height);
}
