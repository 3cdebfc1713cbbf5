namespace SixLabors.ImageSharp;

/// <summary>The bytes are no image that can be read, or the image cannot be written in the format.</summary>
public class ImageFormatException : Exception
{
    internal ImageFormatException(string errorMessage)
        : base(errorMessage)
    {
    }
}
