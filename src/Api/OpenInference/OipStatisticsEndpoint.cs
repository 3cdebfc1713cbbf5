using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Saccade.Api.Errors;
using Saccade.Inference.Models;
using Saccade.Inference.Telemetry;

namespace Saccade.Api.OpenInference;

/// <summary><c>GET …/stats</c>: what versions have done since the service started.</summary>
internal static class OipStatisticsEndpoint
{
    private const int NanosecondsPerTick = 100;

    public static IResult All(ModelCatalog catalog) => Answer(Find(name: null, version: null, catalog));

    public static IResult Of(string name, string? version, ModelCatalog catalog) =>
        Find(name, version, catalog) is { Count: > 0 } found
            ? Answer(found)
            : new RefusalResult(OipModelEndpoint.NotServed(name, version, status: null));

    /// <summary>The statistics of a model's versions.</summary>
    /// <param name="name">Of the model; null means all.</param>
    /// <param name="version">Of the version; null means all.</param>
    /// <param name="catalog">What is served.</param>
    public static IReadOnlyList<OipVersionStatistics> Find(string? name, string? version, ModelCatalog catalog) =>
        [
            .. from one in catalog.Statistics()
            where (name is null || one.Name == name) && (version is null || Text(one.Version) == version)
            select Of(one.Name, one.Version, one.Done),
        ];

    private static JsonHttpResult<OipStatistics> Answer(IReadOnlyList<OipVersionStatistics> versions) =>
        TypedResults.Json(new OipStatistics(versions), OipJson.Default.OipStatistics);

    private static OipVersionStatistics Of(string name, long version, VersionStatistics done)
    {
        var runs = done.Batches.Aggregate(default(Accumulated), (sum, size) => sum.Plus(size.Value.Count, size.Value.Time));
        var computed = done.Answered with { Time = done.Answered.Time - done.Waited.Time };
        return new(
            name,
            Text(version),
            done.LastRun?.ToUnixTimeMilliseconds() ?? 0,
            done.Answered.Count,
            runs.Count,
            new(
                Duration(done.Answered),
                Duration(done.Failed),
                Duration(done.Waited),
                default,
                Duration(computed),
                default,
                default,
                default
            ),
            [.. done.Batches.Select(size => new OipBatchStatistics(size.Key, default, Duration(size.Value), default))]
        );
    }

    private static OipDuration Duration(Accumulated sum) => new(sum.Count, sum.Time.Ticks * NanosecondsPerTick);

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);
}
