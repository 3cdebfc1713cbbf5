using System.Globalization;
using System.Text.RegularExpressions;
using Saccade.Api.Limits;

namespace Saccade.Api.Tests.Docs;

/// <summary>deploy/nginx passes on every body that the service reads.</summary>
public sealed partial class EdgeLimitTests
{
    private const long OneMebibyte = 1024 * 1024;

    [Fact]
    public void Nginx_LargestBody_IsALittleAboveTheServicesOwn()
    {
        var configuration = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "deploy", "nginx.conf"));
        var size = Assert.Single(Size().Matches(configuration)).Groups["mebibytes"].Value;
        var edge = long.Parse(size, CultureInfo.InvariantCulture) * OneMebibyte;
        Assert.InRange(edge, new LimitsOptions().MaxBatchBodyBytes + 1, new LimitsOptions().MaxBatchBodyBytes + OneMebibyte);
    }

    [GeneratedRegex(
        @"^\s*client_max_body_size (?<mebibytes>\d+)m;",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Size();
}
