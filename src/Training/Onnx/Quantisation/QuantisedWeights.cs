namespace Saccade.Training.Onnx.Quantisation;

/// <summary>A convolution's weights as signed bytes with a scale for each output channel, and its biases on the scale of the
/// products.</summary>
/// <param name="Kernel">As the float kernel, −127 to 127.</param>
/// <param name="Steps">[channels].</param>
/// <param name="Bias">[channels]; empty where there is none.</param>
/// <param name="BiasSteps">[channels], each the input's step times the kernel's.</param>
internal sealed record QuantisedWeights(sbyte[] Kernel, float[] Steps, int[] Bias, float[] BiasSteps)
{
    // A channel of nothing but small weights may have a bias that its own scale would push beyond 32 bits.
    private const double LargestBias = 1 << 30;

    /// <param name="kernel">[channels, …].</param>
    /// <param name="channels">Outputs.</param>
    /// <param name="bias">[channels], or null.</param>
    /// <param name="inputStep">The input's scale.</param>
    public static QuantisedWeights Of(float[] kernel, int channels, float[]? bias, float inputStep)
    {
        var (bytes, steps, whole, biasSteps) = (
            new sbyte[kernel.Length],
            new float[channels],
            new int[bias?.Length ?? 0],
            new float[channels]
        );
        var size = kernel.Length / channels;
        for (var channel = 0; channel < channels; channel++)
        {
            var row = kernel.AsSpan(channel * size, size);
            var largest = 0f;
            foreach (var weight in row)
                largest = Math.Max(largest, Math.Abs(weight));
            var step = Math.Max(largest / sbyte.MaxValue, Math.Abs(bias?[channel] ?? 0) / (inputStep * LargestBias));
            steps[channel] = (float)Math.Max(step, 1e-12);
            biasSteps[channel] = inputStep * steps[channel];
            for (var i = 0; i < size; i++)
                bytes[(channel * size) + i] = (sbyte)Math.Clamp(MathF.Round(row[i] / steps[channel]), -sbyte.MaxValue, sbyte.MaxValue);
            if (bias is not null)
                whole[channel] = (int)
                    Math.Clamp(Math.Round(bias[channel] / (double)biasSteps[channel]), -2 * LargestBias, (2 * LargestBias) - 1);
        }

        return new QuantisedWeights(bytes, steps, whole, biasSteps);
    }
}
