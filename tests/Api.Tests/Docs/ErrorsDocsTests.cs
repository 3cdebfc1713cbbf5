using System.Text.RegularExpressions;
using Saccade.Api.Errors;
using Saccade.Inference;

namespace Saccade.Api.Tests.Docs;

/// <summary>docs/errors.md has a row for every code, with its status.</summary>
public sealed partial class ErrorsDocsTests
{
    [Fact]
    public void Page_EveryCode_HasARowWithItsStatus()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "errors.md"));
        var existing = Enum.GetValues<ClassifyFailure>().Select(FailureResponses.For).Concat(Enum.GetValues<ApiFailure>().Select(FailureResponses.For));
        Assert.Equal(
            existing.Select(failure => $"{failure.Status} {failure.Code}").Order(StringComparer.Ordinal),
            Row().Matches(page).Select(row => $"{row.Groups["status"]} {row.Groups["code"]}").Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^\| (?<status>\d{3}) \| `(?<code>[a-z-]+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}
