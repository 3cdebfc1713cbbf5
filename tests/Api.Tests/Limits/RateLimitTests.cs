using System.Buffers.Binary;
using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Saccade.Api.Limits;
using Saccade.Api.OpenInference.Rpc;
using Saccade.Api.Tests.OpenInference;
using Saccade.Api.Tests.OpenInference.Rpc;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Limits;

/// <summary>How often a client may ask. Buckets fill so slowly here (one request in 1,000 seconds) that what is in them is the
/// burst.</summary>
public sealed class RateLimitTests
{
    private const string Slowly = "0.001";
    private const int Pause = 1000;
    private const string ShopKey = "sk_shop_0123456789abcdef";
    private const string FarmKey = "sk_farm_0123456789abcdef";
    private const string OpsKey = "sk_ops_0123456789abcdef";

    [Fact]
    public async Task Address_BeyondItsBurst_Is429WithWhenToComeBack()
    {
        await using var service = await Service.StartAsync(PerAddress(burst: 2));
        using var refusals = new CounterProbe(service, "saccade.http.refusals");
        var client = service.Client();
        for (var i = 0; i < 2; i++)
        {
            using var answered = await client.PostAsync("/classify", Payload.Form(Payload.RedPng)).Guarded();
            Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        }

        using var refused = await client.PostAsync("/classify", Payload.Raw([1], "text/nonsense")).Guarded();
        Assert.Equal((HttpStatusCode.TooManyRequests, "rate-limited"), (refused.StatusCode, await refused.CodeAsync()));
        Assert.Equal(TimeSpan.FromSeconds(Pause), refused.Headers.RetryAfter?.Delta);
        using var protocol = await client.PostAsync("/v2/models/colors/infer", Payload.Json(Tensor.Json(Tensor.Red))).Guarded();
        Assert.Equal(HttpStatusCode.TooManyRequests, protocol.StatusCode);
        using var rpc = RpcClient.Of(service);
        var call = await rpc.InferAsync(RpcTensor.Raw(Tensor.Red)).RefusedAsync(StatusCode.ResourceExhausted, "rate-limited");
        Assert.Equal($"{Pause * 1000}", call.Trailers.GetValue("grpc-retry-pushback-ms"));
        Assert.Equal(3, refusals.Sum("code", "rate-limited"));

        // What computes nothing is not counted.
        using var models = await client.GetAsync(new Uri("/models", UriKind.Relative)).Guarded();
        Assert.Equal(HttpStatusCode.OK, models.StatusCode);
        Assert.DoesNotContain(service.Logs.Entries, static entry => entry.Id.Name == "TooManyRequests");
    }

    [Fact]
    public async Task Address_EachHasItsOwn()
    {
        await using var service = await Service.StartAsync(PerAddress(burst: 1));
        Assert.Equal(404, await FromAsync(service, "192.0.2.1"));
        Assert.Equal(429, await FromAsync(service, "192.0.2.1"));
        Assert.Equal(429, await FromAsync(service, "::ffff:192.0.2.1"));
        Assert.Equal(404, await FromAsync(service, "192.0.2.2"));
        Assert.Equal(404, await FromAsync(service, "2001:db8::1"));
        Assert.Equal(429, await FromAsync(service, "2001:db8::2"));
        Assert.Equal(404, await FromAsync(service, "2001:db8:0:1::1"));
    }

    [Theory]
    [InlineData(null, "192.0.2.1", "192.0.2.2", 429)]
    [InlineData("10.0.0.0/8", "192.0.2.1", "192.0.2.2", 404)]
    [InlineData("10.0.0.1", "192.0.2.1", "192.0.2.2", 404)]
    [InlineData("10.0.0.0/8", "192.0.2.1", "192.0.2.1", 429)]
    // Whatever a client writes there itself stands before what the proxy adds.
    [InlineData("10.0.0.0/8", "198.51.100.1, 192.0.2.1", "198.51.100.2, 192.0.2.1", 429)]
    [InlineData("10.0.0.0/8", "192.0.2.1, 10.0.0.2", "192.0.2.2, 10.0.0.3", 404)]
    [InlineData("10.9.0.0/16", "192.0.2.1", "192.0.2.2", 429)]
    public async Task Address_BehindAProxy_IsWhatATrustedProxySays(string? trusted, string first, string second, int status)
    {
        var settings = PerAddress(burst: 1);
        if (trusted is not null)
            settings["RateLimits:TrustedProxies:0"] = trusted;
        await using var service = await Service.StartAsync(settings);
        Assert.Equal(404, await FromAsync(service, "10.0.0.1", first));
        Assert.Equal(status, await FromAsync(service, "10.0.0.1", second));
    }

    [Fact]
    public async Task Key_EachHasItsOwnLimitOrTheCommonOne()
    {
        var settings = new Dictionary<string, string?>(
            Settings.Keys(("shop", ShopKey, "Classify"), ("farm", FarmKey, "Classify"), ("ops", OpsKey, "Admin"))
        )
        {
            ["Keys:List:1:RequestsPerSecond"] = Slowly,
            ["Keys:List:1:Burst"] = "3",
            ["RateLimits:PerKey"] = Slowly,
            ["RateLimits:PerKeyBurst"] = "1",
        };
        await using var service = await Service.StartAsync(settings);
        Assert.Equal("404 429 429 429", await SeveralAsync(service, ShopKey, 4));
        Assert.Equal("404 404 404 429", await SeveralAsync(service, FarmKey, 4));
        Assert.Equal("404 429", await SeveralAsync(service, OpsKey, 2));
        // Strangers have no limit here, but no door either.
        Assert.Equal("401 401", await SeveralAsync(service, "wrong", 2));
    }

    [Fact]
    public async Task Guesses_AtKeys_AreLimitedByAddressAndValidKeysAreNot()
    {
        await using var service = await Service.StartAsync(
            new(PerAddress(burst: 2).Concat(Settings.Keys(("shop", ShopKey, "Classify"), ("ops", OpsKey, "Admin"))).ToDictionary())
        );
        Assert.Equal("401 401 429", await SeveralAsync(service, "wrong", 3));
        Assert.Equal("404 404 404", await SeveralAsync(service, ShopKey, 3));
        Assert.Equal(429, await FromAsync(service, remote: null, path: "/models/nobody/load"));
    }

    [Fact]
    public async Task Stream_EachMessageIsCounted()
    {
        await using var service = await Service.StartAsync(PerAddress(burst: 3));
        using var client = RpcClient.Of(service);
        using var call = client.Duplex<ModelStreamInferResponse>("ModelStreamInfer");
        var refused = new List<bool>();
        for (var i = 0; i < 4; i++)
        {
            await call.RequestStream.WriteAsync(RpcTensor.Raw(Tensor.Red)).Guarded();
            Assert.True(await call.ResponseStream.MoveNext(default).Guarded());
            refused.Add(call.ResponseStream.Current.ErrorMessage.Contains("rate", StringComparison.Ordinal));
        }

        // The call itself is one.
        Assert.Equal([false, false, true, true], refused);
    }

    [Theory]
    [InlineData("RateLimits:PerAddress", "0", "RateLimits:PerAddress must be between 0.001 and 100000")]
    [InlineData("RateLimits:PerKey", "NaN", "RateLimits:PerKey must be between")]
    [InlineData("RateLimits:PerKeyBurst", "3", "RateLimits:PerKeyBurst has no effect without RateLimits:PerKey")]
    [InlineData("RateLimits:TrustedProxies:0", "proxy", "'proxy', which is no address or network")]
    [InlineData("RateLimits:TrustedProxies:0", "10.0.0.0/33", "which is no address or network")]
    public async Task Settings_WithAMistake_StopTheStart(string setting, string value, string said)
    {
        var mistake = await Assert.ThrowsAsync<InvalidOperationException>(() => Service.StartAsync(new() { [setting] = value }));
        Assert.Contains(said, mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("::1", "::")]
    public void Prefix_Addresses_IsWhatOneClientHas(string? address, string? prefix) =>
        Assert.Equal(
            prefix is null ? null : IPAddress.Parse(prefix),
            ClientLimits.Prefix(address is null ? null : IPAddress.Parse(address))
        );

    /// <summary>However many addresses somebody has: the buckets are bounded, and far from all fall into the same.</summary>
    [Fact]
    public void AddressBucket_AMillionAddresses_AreSpreadOverABoundedNumber()
    {
        var used = new HashSet<int>();
        Span<byte> bytes = stackalloc byte[16];
        for (var i = 0; i < 1_000_000; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes[2..], i);
            used.Add(ClientLimits.AddressBucket(new IPAddress(bytes)));
        }

        Assert.InRange(used.Min(), 0, ClientLimits.AddressBuckets - 1);
        Assert.InRange(used.Max(), 0, ClientLimits.AddressBuckets - 1);
        Assert.InRange(used.Count, ClientLimits.AddressBuckets / 2, ClientLimits.AddressBuckets);
    }

    private static Dictionary<string, string?> PerAddress(int burst) =>
        new() { ["RateLimits:PerAddress"] = Slowly, ["RateLimits:PerAddressBurst"] = $"{burst}" };

    // A model that is not there: 404 means that the request was let through.
    private static async Task<int> FromAsync(
        Service service,
        string? remote,
        string? forwarded = null,
        string? key = null,
        string path = "/v2/models/nobody/infer"
    )
    {
        var answer = await service
            .Server.SendAsync(context =>
            {
                context.Request.Method = "POST";
                context.Request.Path = path;
                context.Request.Host = new HostString("localhost");
                context.Connection.RemoteIpAddress = remote is null ? null : IPAddress.Parse(remote);
                if (forwarded is not null)
                    context.Request.Headers["X-Forwarded-For"] = forwarded;
                if (key is not null)
                    context.Request.Headers["X-Api-Key"] = key;
            })
            .Guarded();
        return answer.Response.StatusCode;
    }

    private static async Task<string> SeveralAsync(Service service, string key, int times)
    {
        var statuses = new int[times];
        for (var i = 0; i < times; i++)
            statuses[i] = await FromAsync(service, remote: null, key: key);
        return string.Join(' ', statuses);
    }
}
