using Saccade.Inference.Bundles;
using Saccade.Training.Data;
using Saccade.Training.Onnx;

namespace Saccade.Training.Bundles;

/// <summary>Centre crops of images as a network sees them, before normalisation (<see cref="Pixels"/>).</summary>
internal static class CentreCrops
{
    /// <summary>The first images' crops, each [3, H, W] in the tensor's channel order, read one at a time.</summary>
    /// <param name="source">The images.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="manifest">Input and preprocessing.</param>
    public static IEnumerable<float[]> Of(IImageSource source, int count, ModelManifest manifest)
    {
        var crops = new EvaluationCrops(CropMode.Single, Pixels.Unnormalised(manifest.Preprocessing), manifest.Input.Height);
        for (var index = 0; index < Math.Min(count, source.Count); index++)
        {
            using var image = source.Load(index);
            var pixels = new float[crops.FloatsPerImage];
            crops.Write(index, image, pixels);
            yield return pixels;
        }
    }
}
