using System.Text.RegularExpressions;

namespace Saccade.Api.Tests.Docs;

/// <summary>The tests that docs/open-inference.md names for the points of the protocol exist.</summary>
public sealed partial class ConformanceDocsTests
{
    [Fact]
    public void Page_NamesTestsThatThereAre()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "open-inference.md"));
        var existing = typeof(ConformanceDocsTests).Assembly.GetTypes().ToLookup(static type => type.Name, StringComparer.Ordinal);
        var named = TestName().Matches(page);

        Assert.True(named.Count > 15, "The table was not found.");
        Assert.All(
            named,
            test =>
                Assert.Contains(
                    existing[test.Groups["class"].Value],
                    type => !test.Groups["method"].Success || type.GetMethod(test.Groups["method"].Value) is not null
                )
        );
    }

    [GeneratedRegex(@"`(?<class>\w+Tests)(\.(?<method>\w+))?`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TestName();
}
