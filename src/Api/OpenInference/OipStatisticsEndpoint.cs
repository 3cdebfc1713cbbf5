using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Saccade.Api.Errors;
using Saccade.Inference.Models;

namespace Saccade.Api.OpenInference;

/// <summary><c>GET …/stats</c>: what versions have done since the service started.</summary>
internal static class OipStatisticsEndpoint
{
    private const int NanosecondsPerTick = 100;

    public static IResult All(ModelCatalog catalog) => Answer(catalog.Statistics());

    public static IResult Of(string name, string? version, ModelCatalog catalog)
    {
        var wanted = catalog.Statistics().Where(one => one.Name == name && (version is null || Text(one.Version) == version)).ToArray();
        return wanted.Length > 0 ? Answer(wanted) : new RefusalResult(OipModelEndpoint.NotServed(name, version, status: null));
    }

    private static JsonHttpResult<OipStatistics> Answer(IEnumerable<(string Name, int Version, VersionStatistics Done)> versions) =>
        TypedResults.Json(new OipStatistics([.. versions.Select(one => Of(one.Name, one.Version, one.Done))]), OipJson.Default.OipStatistics);

    private static OipVersionStatistics Of(string name, int version, VersionStatistics done)
    {
        var runs = done.Batches.Aggregate(default(Accumulated), (sum, size) => sum.Plus(size.Value.Count, size.Value.Time));
        var computed = done.Answered with { Time = done.Answered.Time - done.Waited.Time };
        return new(
            name,
            Text(version),
            done.LastRun?.ToUnixTimeMilliseconds() ?? 0,
            done.Answered.Count,
            runs.Count,
            new(Duration(done.Answered), Duration(done.Failed), Duration(done.Waited), default, Duration(computed), default, default, default),
            [.. done.Batches.Select(size => new OipBatchStatistics(size.Key, default, Duration(size.Value), default))]);
    }

    private static OipDuration Duration(Accumulated sum) => new(sum.Count, sum.Time.Ticks * NanosecondsPerTick);

    private static string Text(int version) => version.ToString(CultureInfo.InvariantCulture);
}
