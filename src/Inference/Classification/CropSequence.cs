using Saccade.Inference.Cropping;

namespace Saccade.Inference.Classification;

/// <summary>
/// One model's crops of one image, plan after plan. A crop that equals an earlier one is not computed again, but counts again: of a square
/// image the three squares of a plan of 144 are one, and its 48 different crops count three times each.
/// </summary>
/// <remarks>
/// After a plan the sequence holds its crops and those of earlier plans that are not among them, each as often as the plan that has it most
/// often.
/// </remarks>
public sealed class CropSequence
{
    private readonly Dictionary<CropKey, int> _indices = [];
    private readonly List<CropKey> _windows = [];
    private readonly List<int> _times = [];

    /// <summary>How often each computed crop counts, in the order of computation.</summary>
    public IReadOnlyList<int> Times => _times;

    /// <summary>Crops so far, repeated ones counted as often as they count.</summary>
    public int Count { get; private set; }

    /// <summary>What a plan has that was not computed yet, each once and in its order.</summary>
    /// <param name="plan">Made for the image and the model's input.</param>
    public CropPlan Fresh(CropPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var known = new HashSet<CropKey>(plan.Crops.Count);
        Crop[] fresh = [.. plan.Crops.Where(crop => CropKey.Of(plan, crop) is var key && !_indices.ContainsKey(key) && known.Add(key))];
        return fresh.Length == plan.Crops.Count ? plan : new CropPlan(plan.Scales, plan.CropSize, fresh);
    }

    /// <summary>Takes a plan in, whose <see cref="Fresh"/> crops have been computed.</summary>
    public void Add(CropPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var inPlan = new Dictionary<CropKey, int>(plan.Crops.Count);
        foreach (var key in plan.Crops.Select(crop => CropKey.Of(plan, crop)))
        {
            var times = inPlan[key] = inPlan.GetValueOrDefault(key) + 1;
            if (_indices.TryAdd(key, _times.Count))
            {
                _windows.Add(key);
                _times.Add(0);
            }

            var index = _indices[key];
            if (times <= _times[index])
                continue;
            _times[index]++;
            Count++;
        }
    }

    /// <summary>The computed crops that make up a plan that has been taken in, each as often as the plan has it.</summary>
    public IEnumerable<int> IndicesOf(CropPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Crops.Select(crop => _indices[CropKey.Of(plan, crop)]);
    }

    /// <summary>What each computed crop showed of the image, in the order of computation.</summary>
    /// <param name="imageSize">The image that the plans were made for, at its full size.</param>
    public IReadOnlyList<CropWindow> Windows(PixelSize imageSize) => [.. _windows.Select((key, index) => key.On(imageSize, _times[index]))];

    /// <summary>What makes two crops the same: the same window of the image at the same size.</summary>
    private readonly record struct CropKey(PixelSize Scale, Crop Window)
    {
        public static CropKey Of(CropPlan plan, Crop crop) => new(plan.Scales[crop.Scale], crop with { Scale = 0 });

        public CropWindow On(PixelSize imageSize, int times)
        {
            var (across, down) = ((double)imageSize.Width / Scale.Width, (double)imageSize.Height / Scale.Height);
            return new(Window.X * across, Window.Y * down, Window.Width * across, Window.Height * down, Window.Mirrored, times);
        }
    }
}
