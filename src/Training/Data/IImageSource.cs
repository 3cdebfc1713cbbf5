using Saccade.Inference.Decoding;

namespace Saccade.Training.Data;

/// <summary>Labelled images that can be asked for in any order, from any thread.</summary>
public interface IImageSource
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>The class of an image, an index into the data set's labels.</summary>
    int LabelOf(int index);

    /// <summary>Decodes an image; the caller disposes it.</summary>
    /// <exception cref="UnreadableImageException">The file is no image that can be read; the message names it.</exception>
    DecodedImage Load(int index);

    /// <summary>The file that holds an image; null if it is not a file of its own.</summary>
    string? FileOf(int index) => null;
}
