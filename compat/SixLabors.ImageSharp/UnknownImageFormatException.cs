namespace SixLabors.ImageSharp;

/// <summary>No decoder recognises the first bytes.</summary>
public sealed class UnknownImageFormatException : ImageFormatException
{
    internal UnknownImageFormatException(string errorMessage)
        : base(errorMessage)
    {
    }
}
