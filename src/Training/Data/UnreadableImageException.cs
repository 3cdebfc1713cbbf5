namespace Saccade.Training.Data;

/// <summary>An image file cannot be read, or is none that the service would take; the message names it.</summary>
/// <param name="file">The file.</param>
/// <param name="detail">Why, in a sentence, as the service would say.</param>
public sealed class UnreadableImageException(string file, string detail) : IOException($"'{file}' cannot be read: {detail}");
