namespace Saccade.Training.Onnx.Quantisation;

/// <summary>How an unsigned byte stands for a number: value = (byte − zero) × step.</summary>
/// <param name="Step">Positive.</param>
/// <param name="Zero">The byte that means 0.</param>
internal readonly record struct Scale(float Step, byte Zero)
{
    /// <summary>A scale for numbers from <paramref name="low"/> to <paramref name="high"/>; 0 is always among them, exactly.</summary>
    public static Scale For(double low, double high)
    {
        low = Math.Min(low, 0);
        high = Math.Max(high, 0);
        var step = Math.Max((high - low) / byte.MaxValue, 1e-12);
        return new Scale((float)step, (byte)Math.Clamp(Math.Round(-low / step), 0, byte.MaxValue));
    }
}
