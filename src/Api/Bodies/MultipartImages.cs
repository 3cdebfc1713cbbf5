using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Saccade.Api.Errors;

namespace Saccade.Api.Bodies;

/// <summary>Form data with an <c>image</c> part per image; other parts are ignored. Read as it arrives, never through a file.</summary>
internal static class MultipartImages
{
    public const string PartName = "image";

    private const int MaxBoundaryLength = 70; // RFC 2046 §5.1.1
    private const int MaxPartHeaders = 16;
    private const int MaxPartHeaderBytes = 8 * 1024;
    private const int MaxFileNameLength = 255;
    private const int MaxOtherParts = 100;

    /// <summary>Reads all parts.</summary>
    /// <exception cref="IOException">The body ends early.</exception>
    /// <exception cref="InvalidDataException">The head of a part is beyond the limits.</exception>
    public static async Task<ReceivedBody> ReadAsync(string contentType, Stream body, int maxImages, CancellationToken cancellationToken)
    {
        var boundary = Boundary(contentType);
        if (boundary.Length is 0 or > MaxBoundaryLength)
            return ReceivedBody.Refused(
                ApiFailure.MalformedBody,
                $"The Content-Type needs a boundary of 1 to {MaxBoundaryLength} characters."
            );

        var reader = new MultipartReader(boundary, body) { HeadersCountLimit = MaxPartHeaders, HeadersLengthLimit = MaxPartHeaderBytes };
        var images = new List<ReceivedImage>();
        try
        {
            var refusal = await ReadPartsAsync(reader, images, maxImages, cancellationToken);
            if (refusal is null)
            {
                var received = ReceivedBody.Of([.. images]);
                images.Clear();
                return received;
            }

            return ReceivedBody.Refused(refusal);
        }
        finally
        {
            images.ForEach(image => image.Bytes.Dispose());
        }
    }

    private static string Boundary(string contentType)
    {
        if (MediaTypeHeaderValue.TryParse(contentType, out var type))
            return HeaderUtilities.RemoveQuotes(type.Boundary).ToString();

        // With "=" or "/" in it a boundary must stand in quotes (RFC 2045 §5.1); clients forget them.
        const string parameter = "boundary=";
        var given = Array.Find(
            contentType.Split(';', StringSplitOptions.TrimEntries),
            part => part.StartsWith(parameter, StringComparison.OrdinalIgnoreCase)
        );
        return given?[parameter.Length..].Trim('"') ?? "";
    }

    private static async Task<Refusal?> ReadPartsAsync(
        MultipartReader reader,
        List<ReceivedImage> images,
        int maxImages,
        CancellationToken cancellationToken
    )
    {
        var others = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } part)
        {
            if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition))
                return Refusal.Of(ApiFailure.MalformedBody, "A part has no valid Content-Disposition.");

            var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
            if (!name.Equals(PartName, StringComparison.Ordinal))
            {
                if (others.Add(name) && others.Count > MaxOtherParts)
                    return Refusal.Of(ApiFailure.MalformedBody, $"There are more than {MaxOtherParts} parts that are no images.");
                continue;
            }

            if (images.Count == maxImages)
                return TooMany(maxImages);
            images.Add(new(FileNameOf(disposition), await PooledBytes.ReadAsync(part.Body, expected: null, cancellationToken)));
        }

        return images.Count == 0 ? Missing(others) : null;
    }

    private static Refusal TooMany(int maxImages) =>
        maxImages == 1
            ? Refusal.Of(ApiFailure.SeveralImages, $"There is more than one part '{PartName}'; send several images to /classify/batch.")
            : Refusal.Of(ApiFailure.TooManyImages, $"A batch may hold at most {maxImages} images.");

    private static Refusal Missing(HashSet<string> others) =>
        Refusal.Of(
            ApiFailure.MissingImage,
            others.Count == 0
                ? $"There is no part '{PartName}'."
                : $"There is no part '{PartName}', only '{string.Join("', '", others.Take(5))}'."
        );

    private static string? FileNameOf(ContentDispositionHeaderValue disposition)
    {
        var name = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName);
        return name.Length == 0 ? null
            : name.Length <= MaxFileNameLength ? name.ToString()
            : name.Substring(0, MaxFileNameLength);
    }
}
