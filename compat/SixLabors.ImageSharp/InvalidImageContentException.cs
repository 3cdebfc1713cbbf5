namespace SixLabors.ImageSharp;

/// <summary>The format is known and the content is broken, or larger than memory allows.</summary>
public sealed class InvalidImageContentException : ImageFormatException
{
    internal InvalidImageContentException(string errorMessage)
        : base(errorMessage)
    {
    }
}
