using Saccade.Inference.Bundles;
using Saccade.Inference.Cropping;
using Saccade.Inference.Decoding;

namespace Saccade.Training.Data;

/// <summary>Makes the crops that the served model will see, with the engine's own code.</summary>
public sealed class EvaluationCrops
{
    private readonly CropMode _mode;
    private readonly ManifestPreprocessing _preprocessing;
    private readonly ManifestInput _input;

    /// <summary>Fixes plan and input.</summary>
    /// <param name="mode">The crop plan.</param>
    /// <param name="preprocessing">The run's.</param>
    /// <param name="side">Rows and columns of the network's input.</param>
    public EvaluationCrops(CropMode mode, ManifestPreprocessing preprocessing, int side)
    {
        _mode = mode;
        _preprocessing = preprocessing;
        _input = new ManifestInput("input", InputType.Float32, InputLayout.Nchw, side, side);
    }

    /// <summary>Crops of one image.</summary>
    public int CropsPerImage => _mode.Crops;

    /// <summary>Floats of all crops of one image.</summary>
    public int FloatsPerImage => CropsPerImage * FloatsPerCrop;

    private int FloatsPerCrop => 3 * _input.Height * _input.Width;

    /// <summary>The <see cref="SampleWriter"/>.</summary>
    public void Write(int index, DecodedImage image, Span<float> target)
    {
        var plan = CropPlan.Create(_mode, image, _input, _preprocessing);
        using PreparedCrops crops = new(image, plan, _input, _preprocessing);
        for (var i = 0; i < CropsPerImage; i++)
            crops.WriteCrop(i, target.Slice(i * FloatsPerCrop, FloatsPerCrop));
    }
}
