namespace SixLabors.ImageSharp.Processing;

/// <summary>What <c>Mutate</c> hands to its action.</summary>
public interface IImageProcessingContext
{
    Size GetCurrentSize();
}
