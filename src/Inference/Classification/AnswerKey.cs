using System.Buffers.Binary;
using System.Security.Cryptography;
using Saccade.Inference.Models;

namespace Saccade.Inference.Classification;

/// <summary>Everything that an answer depends on: two requests with equal keys have the same answer.</summary>
/// <remarks>
/// The image counts by its SHA-256, which nobody can make two images share. The networks count by the load that put them into service: the
/// same version loaded again, perhaps with other weights, has another key.
/// </remarks>
internal sealed class AnswerKey : IEquatable<AnswerKey>
{
    private readonly (UInt128, UInt128) _image;
    private readonly Guid[] _loads;
    private readonly ClassifyRequest _asked;

    private AnswerKey((UInt128, UInt128) image, Guid[] loads, ClassifyRequest asked) => (_image, _loads, _asked) = (image, loads, asked);

    /// <summary>The key of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="set">Who is asked.</param>
    /// <param name="catalog">Knows who answers for each member at the moment.</param>
    /// <param name="perKey">See <see cref="CacheOptions.PerKey"/>.</param>
    public static AnswerKey Of(ClassifyRequest request, MemberSet set, ModelCatalog catalog, bool perKey)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(request.Image.Span, digest);
        return new(
            (BinaryPrimitives.ReadUInt128LittleEndian(digest), BinaryPrimitives.ReadUInt128LittleEndian(digest[(digest.Length / 2)..])),
            [set.LoadId, .. set.Members.Select(member => catalog.Find(member.Query)?.Runtime?.LoadId ?? Guid.Empty)],
            // All that is left counts, whatever a request may ask for some day.
            request with
            {
                Image = default,
                Model = null,
                Version = null,
                ArrivedAt = 0,
                Deadline = null,
                Priority = 0,
                Caller = perKey ? request.Caller : null,
            }
        );
    }

    /// <summary>
    /// Whether an answer is the one that every request with this key should get: whole, and computed by the networks that the key names,
    /// which may have been exchanged meanwhile.
    /// </summary>
    public bool IsAnsweredBy(ClassifyAnswer answer) => answer.IsWhole && answer.LoadIds.All(load => _loads.Contains(load));

    /// <inheritdoc/>
    public bool Equals(AnswerKey? other) =>
        other is not null && _image == other._image && _loads.AsSpan().SequenceEqual(other._loads) && _asked == other._asked;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AnswerKey);

    /// <inheritdoc/>
    public override int GetHashCode() => _image.GetHashCode();
}
