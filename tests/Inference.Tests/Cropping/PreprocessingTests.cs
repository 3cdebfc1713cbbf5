using System.Globalization;
using System.Runtime.InteropServices;
using Saccade.Inference.Bundles;
using Saccade.Inference.Cropping;
using Saccade.Inference.Decoding;
using Saccade.Inference.Tests.Decoding;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Cropping;

/// <summary>From an encoded file to the tensor, against torchvision.</summary>
public sealed class PreprocessingTests
{
    public static TheoryData<string> TorchvisionResults => [.. Fixtures.List("preprocessing", "*.f32")];

    [Theory]
    [MemberData(nameof(TorchvisionResults))]
    public void WriteCrop_PngFile_EqualsTorchvision(string name)
    {
        string[] parts = Path.GetFileNameWithoutExtension(name).Split('-');
        int resize = int.Parse(parts[1], CultureInfo.InvariantCulture);
        int crop = int.Parse(parts[2], CultureInfo.InvariantCulture);
        CropMode mode = CropMode.Of(int.Parse(parts[3], CultureInfo.InvariantCulture));
        bool caffe = parts[4] == "caffe";
        var input = new ManifestInput("input", InputType.Float32, caffe ? InputLayout.Nhwc : InputLayout.Nchw, crop, crop);
        ManifestPreprocessing preprocessing = caffe
            ? new(resize, resize, Interpolation.Bicubic, ChannelOrder.Bgr, 255, [104, 117, 123], [1, 1, 1])
            : new(resize, resize, Interpolation.Bilinear, ChannelOrder.Rgb, 1, [0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

        using DecodedImage image = Decoders.Create().Decode(Fixtures.Read("preprocessing", $"{parts[0]}.png")).Image!;
        using var crops = new PreparedCrops(image, CropPlan.Create(mode, image, input, preprocessing), input, preprocessing);
        var tensor = new float[crops.Count * crops.CropLength];
        for (int i = 0; i < crops.Count; i++)
        {
            crops.WriteCrop(i, tensor.AsSpan(i * crops.CropLength, crops.CropLength));
        }

        ReadOnlySpan<float> expected = MemoryMarshal.Cast<byte, float>(Fixtures.Read("preprocessing", name));
        Assert.Equal(expected.Length, tensor.Length);
        for (int i = 0; i < tensor.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - tensor[i]) <= 1e-5f, $"Element {i}: {tensor[i]}, torchvision {expected[i]}.");
        }
    }
}
