using System.ComponentModel.DataAnnotations;
using System.Net;
using Saccade.Api.Access;

namespace Saccade.Api.Limits;

/// <summary>How often one client may ask, and which is one (section <c>RateLimits</c>).</summary>
internal sealed class RateLimitsOptions : IValidatableObject
{
    public const string Section = "RateLimits";

    /// <summary>Requests a second, in the long run, by one address that brings no valid key.</summary>
    /// <value>None: as many as it likes.</value>
    public double? PerAddress { get; set; }

    /// <summary>Requests that one address may send at once after a pause.</summary>
    /// <value>None: as many as in a second, at least 1.</value>
    public int? PerAddressBurst { get; set; }

    /// <summary>Requests a second, in the long run, with one key that has no limit of its own.</summary>
    /// <value>None: as many as its owner likes.</value>
    public double? PerKey { get; set; }

    /// <summary>Requests that may be sent at once with one such key after a pause.</summary>
    /// <value>None: as many as in a second, at least 1.</value>
    public int? PerKeyBurst { get; set; }

    /// <summary>Addresses, or networks such as <c>10.0.0.0/8</c>, of proxies that are believed in what <c>X-Forwarded-For</c>
    /// says.</summary>
    /// <value>Empty: a client's address is that of its connection.</value>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>The limit of an address.</summary>
    internal RateLimit? OfAddress => RateLimit.Of(PerAddress, PerAddressBurst);

    /// <summary>The limit of a key.</summary>
    internal RateLimit? OfKey => RateLimit.Of(PerKey, PerKeyBurst);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        RateLimit
            .Mistakes($"{Section}:{nameof(PerAddress)}", PerAddress, $"{Section}:{nameof(PerAddressBurst)}", PerAddressBurst)
            .Concat(RateLimit.Mistakes($"{Section}:{nameof(PerKey)}", PerKey, $"{Section}:{nameof(PerKeyBurst)}", PerKeyBurst))
            .Concat(
                TrustedProxies
                    .Where(static proxy => Network(proxy) is null)
                    .Select(static proxy =>
                        $"{Section}:{nameof(TrustedProxies)} has '{proxy}', which is no address or network such as 10.0.0.0/8."
                    )
            )
            .Select(static mistake => new ValidationResult(mistake));

    /// <summary>What an entry of <see cref="TrustedProxies"/> means; null if it means nothing.</summary>
    internal static IPNetwork? Network(string proxy)
    {
        if (IPNetwork.TryParse(proxy, out var network))
            return network;
        return IPAddress.TryParse(proxy, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : null;
    }
}
