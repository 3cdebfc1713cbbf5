using Saccade.Inference.Decoding;
using Saccade.Training.Data;

namespace Saccade.Training.Tests.Data;

/// <summary>Images of 2 × 1 pixels whose red is their index; remembers how often each was asked for.</summary>
internal sealed class NumberedImages(int count) : IImageSource
{
    private readonly int[] _loads = new int[count];

    public int Count => count;

    public IReadOnlyList<int> Loads => _loads;

    public int? Broken { get; init; }

    public int LabelOf(int index) => index % 10;

    public DecodedImage Load(int index)
    {
        Interlocked.Increment(ref _loads[index]);
        return index == Broken
            ? throw new InvalidDataException($"image {index} is broken")
            : new DecodedImage([(byte)index, 0, 0, 1, 1, 1], 2, 1);
    }
}
