using System.Text.Json;
using Saccade.Inference;

namespace Saccade.Training.Prediction;

/// <summary>Why an image has no prediction.</summary>
/// <param name="Code">As the service has it (docs/errors.md), or <c>unreadable-file</c>.</param>
/// <param name="Detail">One sentence.</param>
public sealed record PredictionError(string Code, string Detail)
{
    // What these say of an image they will say again.
    private static readonly string[] OfImages =
    [
        CodeOf(ClassifyFailure.UnsupportedImage),
        CodeOf(ClassifyFailure.ImageTooLarge),
        CodeOf(ClassifyFailure.InvalidImage),
    ];

    /// <summary>Whether it lies in the image, so that trying again is pointless.</summary>
    internal bool IsLasting => IsOfImages(Code);

    /// <summary>Whether a code says that the failure lies in the image.</summary>
    internal static bool IsOfImages(string code) => OfImages.Contains(code, StringComparer.Ordinal);

    /// <summary>A refusal by the engine.</summary>
    internal static PredictionError Of(ClassifyRefusal refusal) => new(CodeOf(refusal.Failure), refusal.Detail);

    /// <summary>A file that could not be read.</summary>
    internal static PredictionError Of(Exception error) =>
        new(
            "unreadable-file",
            error switch
            {
                FileNotFoundException or DirectoryNotFoundException => "There is no such file.",
                UnauthorizedAccessException => "The file may not be read, or is a folder.",
                ArgumentException => "No file can be called so.",
                _ => $"The file cannot be read: {error.GetType().Name}.",
            }
        );

    private static string CodeOf(ClassifyFailure failure) => JsonNamingPolicy.KebabCaseLower.ConvertName(failure.ToString());
}
