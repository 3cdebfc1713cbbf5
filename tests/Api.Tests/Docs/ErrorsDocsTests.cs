using System.Text.RegularExpressions;
using Grpc.Core;
using Saccade.Api.Errors;
using Saccade.Api.OpenInference.Rpc;
using Saccade.Inference;

namespace Saccade.Api.Tests.Docs;

/// <summary>docs/errors.md has a row for every code, with its statuses.</summary>
public sealed partial class ErrorsDocsTests
{
    [Fact]
    public void Page_EveryCode_HasARowWithItsStatuses()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "errors.md"));
        var existing = Enum.GetValues<ClassifyFailure>()
            .Select(FailureResponses.For)
            .Concat(Enum.GetValues<ApiFailure>().Select(FailureResponses.For));
        Assert.Equal(
            existing
                .Select(failure => $"{failure.Status} {Upper(RpcFailureFormat.StatusOf(failure))} {failure.Code}")
                .Order(StringComparer.Ordinal),
            Row()
                .Matches(page)
                .Select(row => $"{row.Groups["status"]} {row.Groups["rpc"]} {row.Groups["code"]}")
                .Order(StringComparer.Ordinal)
        );
    }

    // As the protocol writes it: INVALID_ARGUMENT.
    private static string Upper(StatusCode status) =>
        string.Concat(
            status.ToString().Select((letter, i) => i > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{char.ToUpperInvariant(letter)}")
        );

    [GeneratedRegex(
        @"^\| (?<status>\d{3}) \| `(?<rpc>[A-Z_]+)` \| `(?<code>[a-z-]+)` \|",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Row();
}
