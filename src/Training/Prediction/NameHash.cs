using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Saccade.Training.Prediction;

/// <summary>A number for a name, the same on every machine and in every version.</summary>
public static class NameHash
{
    /// <summary>The first eight bytes of the SHA-256 of its UTF-8, the most significant first.</summary>
    public static ulong Of(string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}
