using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Saccade.Api.Tests.Docs;

/// <summary>ARCHITECTURE.md and README.md name files that exist, and ARCHITECTURE has a sentence about every folder of src.</summary>
public sealed partial class ArchitectureDocsTests
{
    private static readonly string[] Unnamed = ["bin", "obj", "Properties"];

    [Theory]
    [InlineData("ARCHITECTURE.md")]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    public void Page_LinksToFiles_Exist(string page)
    {
        var targets = Link().Matches(File.ReadAllText(Path.Combine(Root(), page))).Select(link => link.Groups["target"].Value).ToList();

        Assert.NotEmpty(targets);
        Assert.All(targets, target => Assert.True(Path.Exists(Path.Combine(Root(), target)), $"{page} links to {target}"));
    }

    [Theory]
    [InlineData("Api")]
    [InlineData("Inference")]
    [InlineData("Training")]
    public void Architecture_EveryFolderOfAProject_IsNamed(string project)
    {
        var text = File.ReadAllText(Path.Combine(Root(), "ARCHITECTURE.md"));
        var folders = Directory
            .GetDirectories(Path.Combine(Root(), "src", project))
            .Select(folder => Path.GetFileName(folder))
            .Except(Unnamed, StringComparer.Ordinal);

        Assert.All(
            folders,
            folder =>
                Assert.True(
                    text.Contains($"`src/{project}/{folder}`", StringComparison.Ordinal)
                        || text.Contains($", `{folder}`", StringComparison.Ordinal),
                    $"src/{project}/{folder} has no sentence"
                )
        );
    }

    private static string Root([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));

    [GeneratedRegex(@"\]\((?<target>[^)#:\s]+)(#[^)]*)?\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();
}
