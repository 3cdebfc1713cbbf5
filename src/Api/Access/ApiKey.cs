using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;

namespace Saccade.Api.Access;

/// <summary>One key that is valid. Among a request's features: the one that it brought.</summary>
internal sealed class ApiKey
{
    private readonly byte[] _digest;

    /// <summary>A key of which the hash is known.</summary>
    public ApiKey(KeyEntry entry)
        : this(entry.Name, Convert.FromHexString(entry.Sha256), entry.Role, RateLimit.Of(entry.RequestsPerSecond, entry.Burst)) { }

    /// <summary>A key that is known itself.</summary>
    public ApiKey(string name, string key, KeyRole role)
        : this(name, Digest(key), role, limit: null) { }

    private ApiKey(string name, byte[] digest, KeyRole role, RateLimit? limit)
    {
        (Name, _digest, Role, Limit) = (name, digest, role, limit);
        Identity = Convert.ToHexString(digest);
        Claim[] claims = [new(ClaimTypes.Name, name), new(ClaimTypes.Role, role.ToString())];
        Owner = new(new ClaimsIdentity(claims, KeyAuthentication.SchemeName));
    }

    /// <summary>Whose it is.</summary>
    public string Name { get; }

    /// <summary>The same for the same key and for no other, whatever they are called. In no log, metric or trace.</summary>
    public string Identity { get; }

    /// <summary>What it allows.</summary>
    public KeyRole Role { get; }

    /// <summary>How often its owner may ask; null if it says nothing of that.</summary>
    public RateLimit? Limit { get; }

    /// <summary>Its owner, for whatever asks the framework who is there.</summary>
    public ClaimsPrincipal Owner { get; }

    /// <summary>Whether a digest is this key's, in a time that does not depend on where they differ.</summary>
    public bool Is(ReadOnlySpan<byte> digest) => CryptographicOperations.FixedTimeEquals(digest, _digest);

    /// <summary>What is kept of a key: SHA-256 of its UTF-8 bytes.</summary>
    public static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
