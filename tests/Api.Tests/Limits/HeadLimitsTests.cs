using System.Net;
using Saccade.Api.Limits;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Limits;

[Collection(SharedServiceTests.Name)]
public sealed class HeadLimitsTests(SharedService shared)
{
    [Theory]
    [InlineData(0, HttpStatusCode.OK, null)]
    [InlineData(1, HttpStatusCode.RequestUriTooLong, "uri-too-long")]
    public async Task Get_TargetAtAndBeyondTheLimit(int beyond, HttpStatusCode status, string? code)
    {
        var path = "/models?" + new string('a', HeadLimits.Target + beyond - "/models?".Length);

        using var response = await shared.Service.Client().GetAsync(new Uri(path, UriKind.Relative)).Guarded();

        Assert.Equal(status, response.StatusCode);
        if (code is not null)
            Assert.Equal(code, await response.CodeAsync());
    }

    [Theory]
    [InlineData(4, HttpStatusCode.OK, null)]
    [InlineData(5, HttpStatusCode.RequestHeaderFieldsTooLarge, "headers-too-large")]
    public async Task Get_HeadersBelowAndBeyondTheLimit(int headers, HttpStatusCode status, string? code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/models");
        for (var i = 0; i < headers; i++)
            request.Headers.Add($"X-Long-{i}", new string('a', (HeadLimits.Headers / 5) + 1));

        using var response = await shared.Service.Client().SendAsync(request).Guarded();

        Assert.Equal(status, response.StatusCode);
        if (code is not null)
            Assert.Equal(code, await response.CodeAsync());
    }
}
