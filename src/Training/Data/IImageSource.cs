using Saccade.Inference.Decoding;

namespace Saccade.Training.Data;

/// <summary>Labelled pictures that can be asked for in any order, from any thread.</summary>
public interface IImageSource
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>The class of a picture, an index into the data set's labels.</summary>
    int LabelOf(int index);

    /// <summary>Decodes a picture; the caller disposes it.</summary>
    /// <exception cref="InvalidDataException">The file is no picture that can be read; the message names it.</exception>
    DecodedImage Load(int index);

    /// <summary>The file that holds a picture; null if it is not a file of its own.</summary>
    string? FileOf(int index) => null;
}
