using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Saccade.Bench.Images;
using Saccade.Inference.Bundles;

namespace Saccade.Bench.Device;

/// <summary>Input of a model in the program's memory.</summary>
internal sealed class HostTensor : IDisposable
{
    private const int Channels = 3;
    private const int Seed = 20150913;

    private HostTensor(byte[] pixels, long[] shape)
    {
        Bytes = pixels;
        Value = OrtValue.CreateTensorValueFromMemory(pixels, shape);
    }

    private HostTensor(float[] values, long[] shape)
    {
        Bytes = MemoryMarshal.AsBytes<float>(values).ToArray();
        Value = OrtValue.CreateTensorValueFromMemory(values, shape);
    }

    /// <summary>Its elements, row-major.</summary>
    public byte[] Bytes { get; }

    /// <summary>The same as ONNX Runtime takes it.</summary>
    public OrtValue Value { get; }

    /// <summary>The shape of so many rows.</summary>
    public static long[] Shape(ManifestInput input, int rows) =>
        input.Layout == InputLayout.Nchw ? [rows, Channels, input.Height, input.Width] : [rows, input.Height, input.Width, Channels];

    /// <summary>Noise in the range of normalised pixels, or of bytes; the same every time.</summary>
    public static HostTensor Random(ManifestInput input, int rows)
    {
        var random = new Random(Seed);
        var elements = rows * Channels * input.Height * input.Width;
        if (input.Type == InputType.UInt8)
        {
            var pixels = new byte[elements];
            random.NextBytes(pixels);
            return new HostTensor(pixels, Shape(input, rows));
        }

        var values = new float[elements];
        random.NextFloats(values);
        return Of(values, input, rows);
    }

    /// <summary>Rows that were prepared.</summary>
    public static HostTensor Of(float[] values, ManifestInput input, int rows) => new(values, Shape(input, rows));

    /// <inheritdoc/>
    public void Dispose() => Value.Dispose();
}
