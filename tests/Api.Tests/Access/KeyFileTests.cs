using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Saccade.Api.Access;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Access;

/// <summary>Keys in a file, and files that change.</summary>
public sealed class KeyFileTests : IDisposable
{
    private const string OldKey = "sk_old_0123456789abcdef";
    private const string NewKey = "sk_new_0123456789abcdef";

    private static readonly string Hash = new('0', 64);

    private readonly string _folder = Directory.CreateTempSubdirectory("saccade-keys-").FullName;
    private readonly FakeTimeProvider _clock = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>As a mounted Kubernetes secret changes: the file is a link into a folder that is a link, and only that one is
    /// exchanged.</summary>
    [Fact]
    public async Task File_BehindLinksThatAreExchanged_IsReadAgain()
    {
        var time = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        foreach (var (version, key) in new[] { ("..v1", OldKey), ("..v2", NewKey) })
        {
            Directory.CreateDirectory(At(version));
            File.WriteAllText(At(version, "keys.json"), Json("shop", key));
            File.SetLastWriteTimeUtc(At(version, "keys.json"), time);
        }

        Directory.CreateSymbolicLink(At("..data"), "..v1");
        File.CreateSymbolicLink(At("keys.json"), Path.Combine("..data", "keys.json"));
        await using var service = await StartAsync();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), await AskAsync(service));

        Directory.Delete(At("..data"));
        Directory.CreateSymbolicLink(At("..data"), "..v2");
        await UntilAsync(() => Ring(service).Find(NewKey) is not null);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), await AskAsync(service));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"keys\":[")]
    [InlineData("{\"keys\":[{\"name\":\"shop\",\"sha256\":\"4711\"}]}")]
    public async Task File_ThatBreaks_KeysStayAndTheLogSaysWhy(string broken)
    {
        File.WriteAllText(At("keys.json"), Json("shop", OldKey));
        await using var service = await StartAsync();

        File.WriteAllText(At("keys.json"), broken);
        await UntilAsync(() => service.Logs.Entries.Any(static entry => entry.Id.Name == "KeysNotRead"));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), await AskAsync(service));

        File.Delete(At("keys.json"));
        await UntilAsync(() =>
            service.Logs.Entries.Any(static entry =>
                entry.Id.Name == "KeysNotRead" && entry.Message.Contains("Could not find", StringComparison.Ordinal)
            )
            || broken.Length == 0
        );
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), await AskAsync(service));

        File.WriteAllText(At("keys.json"), Json("shop", NewKey));
        await UntilAsync(() => Ring(service).Find(NewKey) is not null);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), await AskAsync(service));
    }

    /// <summary>An empty list locks everybody out; it opens nothing.</summary>
    [Fact]
    public async Task File_WithoutKeys_NobodyIsLetIn()
    {
        File.WriteAllText(At("keys.json"), """{"keys":[]}""");
        await using var service = await StartAsync();
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), await AskAsync(service));
    }

    [Fact]
    public async Task File_BesideAList_BothAreKeys()
    {
        File.WriteAllText(At("keys.json"), Json("shop", OldKey));
        await using var service = await StartAsync(Settings.Keys(("ops", NewKey, "Admin")));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), await AskAsync(service));
    }

    [Fact]
    public async Task File_Missing_StopsTheStart()
    {
        var mistake = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync());
        Assert.Contains("Keys:File: ", mistake.Message, StringComparison.Ordinal);
        Assert.Contains(At("keys.json"), mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_EveryMember_IsRead()
    {
        var keys = Parse(
            $$"""
            // A comment, and a comma too many, are no mistakes.
            {"keys": [
              {"name": "shop", "sha256": "{{Hash}}", "requestsPerSecond": 0.5, "burst": 3},
              {"name": "ops", "sha256": "{{new string('F', 64)}}", "role": "admin"},
            ]}
            """
        );
        Assert.Equal(
            [("shop", KeyRole.Classify, 0.5, 3), ("ops", KeyRole.Admin, null, null)],
            keys.Select(static key => (key.Name, key.Role, key.RequestsPerSecond, key.Burst))
        );
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"keys\":null}")]
    [InlineData("{\"keys\":[null]}")]
    [InlineData("{\"keys\":[{}]}", "needs a name", "64 hexadecimal digits")]
    [InlineData("{\"keys\":[{\"name\":\"a\",\"sha256\":\"HASH\",\"role\":\"root\"}]}")]
    [InlineData("{\"keys\":[{\"name\":\"a\",\"sha256\":\"HASH\",\"role\":7}]}", "not one of Classify, Admin")]
    [InlineData("{\"keys\":[{\"name\":\"a\",\"sha256\":\"HASH\",\"requestPerSecond\":1}]}", "requestPerSecond")]
    [InlineData("{\"keys\":[{\"name\":\"a\",\"sha256\":\"HASH\",\"requestsPerSecond\":-1}]}", "RequestsPerSecond must be between")]
    [InlineData("{\"keys\":[{\"name\":\"a\",\"sha256\":\"HASH\"},{\"name\":\"A\",\"sha256\":\"HASH\"}]}", "named 'a'", "same key")]
    public void Parse_WhatIsNoFileOfKeys_SaysWhy(string json, params string[] said)
    {
        var mistake = Assert.Throws<InvalidDataException>(() => Parse(json.Replace("HASH", Hash, StringComparison.Ordinal)));
        Assert.Contains("the file", mistake.Message, StringComparison.Ordinal);
        Assert.All(said, words => Assert.Contains(words, mistake.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_ByteOrderMark_IsPassedOver() => Assert.Single(Parse($"\uFEFF{Json("shop", OldKey)}"));

    private static IReadOnlyList<KeyEntry> Parse(string json)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return KeyFile.Parse(content, "the file");
    }

    private static string Json(string name, string key) => $$"""{"keys":[{"name":"{{name}}","sha256":"{{Settings.Sha256(key)}}"}]}""";

    private static KeyRing Ring(Service service) => service.Services.GetRequiredService<KeyRing>();

    private string At(params string[] path) => Path.Combine([_folder, .. path]);

    private Task<Service> StartAsync(Dictionary<string, string?>? settings = null) =>
        Service.StartAsync(
            new(settings ?? []) { ["Keys:File"] = At("keys.json") },
            services => services.AddSingleton<TimeProvider>(_clock)
        );

    // Each look at the file is one period of the standing clock.
    private Task UntilAsync(Func<bool> condition) =>
        TestTimeouts.UntilAsync(() =>
        {
            _clock.Advance(KeyFileWatch.Period);
            return condition();
        });

    private static async Task<(HttpStatusCode Old, HttpStatusCode New)> AskAsync(Service service)
    {
        return (await StatusAsync(OldKey), await StatusAsync(NewKey));

        async Task<HttpStatusCode> StatusAsync(string key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/classify") { Content = Payload.Form(Payload.RedPng) };
            request.Headers.Add("X-Api-Key", key);
            using var response = await service.Client().SendAsync(request).Guarded();
            return response.StatusCode;
        }
    }
}
