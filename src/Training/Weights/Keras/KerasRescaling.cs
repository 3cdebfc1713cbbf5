namespace Saccade.Training.Weights.Keras;

/// <summary>A model that scales pixels itself takes them from 0 to 255; what it does to them becomes the manifest's mean and deviation.</summary>
internal static class KerasRescaling
{
    /// <summary>pixel · scale + offset, written as (pixel / 255 − mean) / deviation.</summary>
    /// <exception cref="InvalidDataException">The scale is not positive.</exception>
    public static (IReadOnlyList<float> Mean, IReadOnlyList<float> Std) Of(KerasLayer layer)
    {
        var (scale, offset) = (layer.Double("scale", 0), layer.Double("offset", 0));
        if (!(scale > 0) || !double.IsFinite(offset))
            throw new InvalidDataException($"layer '{layer.Name}' scales pixels by {scale} and adds {offset}; one number each is known, the scale positive");

        var deviation = 1 / (byte.MaxValue * scale);
        return (Three((float)(-offset * deviation)), Three((float)deviation));
    }

    private static float[] Three(float value) => [value, value, value];
}
