using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Saccade.Api.Access;
using Saccade.Api.Errors;
using Saccade.Api.Requests;

namespace Saccade.Api.Limits;

/// <summary>Holds each client to its rate: a key's owner by the key, whoever brings none by its address.</summary>
/// <remarks>
/// A bucket of tokens each. The framework drops those that have been full for ten seconds. Whoever has very many addresses finds that some
/// share a bucket: all of them together take 100 MB at most.
/// </remarks>
internal sealed class ClientLimits : IDisposable
{
    /// <summary>Buckets for addresses, a power of two. Of a thousand clients at a time, four or so share theirs.</summary>
    internal const int AddressBuckets = 1 << 18;

    private const int PrefixBytes = 8;

    // One partition for all that have no limit: the framework never drops those.
    private static readonly Client Unlimited = new(Key: null, Address: 0, Limit: null);

    private readonly RateLimit? _ofAddress;
    private readonly RateLimit? _ofKey;

    public ClientLimits(IOptions<RateLimitsOptions> options, KeyDemand demand)
    {
        (_ofAddress, _ofKey) = (options.Value.OfAddress, options.Value.OfKey);
        // Keys may have limits of their own, and get them while the service runs.
        if (_ofAddress is not null || _ofKey is not null || demand.ToClassify)
            Limiter = PartitionedRateLimiter.Create<HttpContext, Client>(BucketOf);
    }

    /// <summary>What the framework asks on every request; null where no client can have a limit.</summary>
    public PartitionedRateLimiter<HttpContext>? Limiter { get; }

    /// <summary>Counts something that a client asks for within a request.</summary>
    /// <returns>Null if it may.</returns>
    public Refusal? Refused(HttpContext context)
    {
        using var lease = Limiter?.AttemptAcquire(context);
        return lease is null or { IsAcquired: true } ? null : TooOften(lease);
    }

    /// <summary>The answer to a client that asked too often.</summary>
    /// <param name="lease">That it did not get.</param>
    public static Refusal TooOften(RateLimitLease lease)
    {
        var refusal = Refusal.Of(ApiFailure.RateLimited, "The client sends requests at a higher rate than it may.");
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? refusal with { RetryAfter = wait } : refusal;
    }

    /// <inheritdoc/>
    public void Dispose() => Limiter?.Dispose();

    private RateLimitPartition<Client> BucketOf(HttpContext context)
    {
        var client = ClientOf(context);
        return client.Limit is null
            ? RateLimitPartition.GetNoLimiter(client)
            : RateLimitPartition.GetTokenBucketLimiter(client, static client => Bucket(client.Limit!));
    }

    private Client ClientOf(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RequiredRole>() is null || context.Features.Get<WarmUpMark>() is not null)
            return Unlimited;
        if (context.Features.Get<ApiKey>() is { } key)
            return (key.Limit ?? _ofKey) is { } ofKey ? new(key.Name, Address: 0, ofKey) : Unlimited;
        return _ofAddress is { } ofAddress ? new(Key: null, AddressBucket(context.Connection.RemoteIpAddress), ofAddress) : Unlimited;
    }

    /// <summary>The bucket of an address, from 0 and below <see cref="AddressBuckets"/>. Which share one differs from start to
    /// start.</summary>
    internal static int AddressBucket(IPAddress? address) => HashCode.Combine(Prefix(address)) & (AddressBuckets - 1);

    /// <summary>What counts as one address: an IPv4 address, or the first 64 bits of an IPv6 address, the rest of which its owner may
    /// choose.</summary>
    /// <param name="address">Null for sockets and pipes of the machine: they are one client.</param>
    internal static IPAddress? Prefix(IPAddress? address)
    {
        if (address is { IsIPv4MappedToIPv6: true })
            return address.MapToIPv4();
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6 })
            return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(PrefixBytes).Clear();
        return new(bytes);
    }

    private static TokenBucketRateLimiterOptions Bucket(RateLimit limit) =>
        new()
        {
            TokenLimit = limit.Burst,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1 / limit.PerSecond),
            QueueLimit = 0,
        };

    // With its limit, so that a key whose limit was changed gets a bucket of the new size.
    private readonly record struct Client(string? Key, int Address, RateLimit? Limit);
}
