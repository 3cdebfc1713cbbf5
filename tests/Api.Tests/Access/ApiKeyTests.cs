using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using Saccade.Api.Access;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Access;

/// <summary>The rules for keys, without a service.</summary>
public sealed class ApiKeyTests
{
    [Fact]
    public void Is_AnyTwoKeys_OnlyTheSameIsTheKey() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<NonNull<string>>(),
                ArbMap.Default.ArbFor<NonNull<string>>(),
                (one, other) =>
                {
                    var key = new ApiKey(new KeyEntry { Name = "shop", Sha256 = Settings.Sha256(one.Get) });
                    return key.Is(ApiKey.Digest(one.Get))
                        && key.Is(ApiKey.Digest(other.Get)) == (Utf8(one.Get) == Utf8(other.Get))
                        && new ApiKey("shop", one.Get, KeyRole.Classify).Is(ApiKey.Digest(one.Get));
                }
            )
            .Check(Config.QuickThrowOnFailure);

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("key", null, "key")]
    [InlineData(" key ", null, "key")]
    [InlineData("", null, "")]
    [InlineData(null, "Bearer key", "key")]
    [InlineData(null, "BEARER  key ", "key")]
    [InlineData(null, "Bearer ", "")]
    [InlineData(null, "Bearer", null)]
    [InlineData(null, "Basic key", null)]
    [InlineData(null, "key", null)]
    [InlineData("own", "Bearer other", "own")]
    public void Of_Headers_IsTheKeyThatTheyCarry(string? own, string? authorization, string? key)
    {
        IHeaderDictionary headers = new HeaderDictionary();
        if (own is not null)
            headers["X-Api-Key"] = own;
        if (authorization is not null)
            headers.Authorization = authorization;
        Assert.Equal(key, BroughtKey.Of(headers));
    }

    [Fact]
    public void Of_SeveralOrAnEndlessOne_IsNobodysKey()
    {
        Assert.Equal("", BroughtKey.Of(new HeaderDictionary { ["X-Api-Key"] = new[] { "one", "two" } }));
        Assert.Equal("", BroughtKey.Of(new HeaderDictionary { ["Authorization"] = new[] { "Bearer one", "Bearer two" } }));
        Assert.Equal("", BroughtKey.Of(new HeaderDictionary { ["X-Api-Key"] = new string('k', 1025) }));
        Assert.Equal("", BroughtKey.Of(new HeaderDictionary { ["Authorization"] = $"Bearer {new string('k', 1025)}" }));
    }

    // Lone surrogates have no UTF-8 of their own: all of them are written as the replacement character.
    private static string Utf8(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
