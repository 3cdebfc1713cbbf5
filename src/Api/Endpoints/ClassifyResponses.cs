using Saccade.Api.Contracts;
using Saccade.Api.Errors;
using Saccade.Api.Requests;
using Saccade.Inference;

namespace Saccade.Api.Endpoints;

/// <summary>From the engine's answer to the wire's.</summary>
internal static class ClassifyResponses
{
    private const int ProbabilityDecimals = 6;
    private const int PixelDecimals = 2;

    public static ClassifyResponse Of(ClassifyAnswer answer, string id) =>
        new(id, answer.Model, answer.Version, CropsOf(answer), answer.Members, [.. answer.Predictions.Select(Of)], Of(answer.Timings))
        {
            Cached = answer.Cached,
            Missing =
                answer.Missing.Count == 0
                    ? null
                    : [.. answer.Missing.Select(member => new MissingMemberBody(member.Name, FailureResponses.For(member.Reason).Code))],
        };

    private static PredictionBody Of(Prediction prediction) =>
        new(prediction.Label, prediction.Index, Math.Round(prediction.Probability, ProbabilityDecimals)) { Selected = prediction.Selected };

    private static CropsBody CropsOf(ClassifyAnswer answer)
    {
        var crops = new CropsBody(answer.CropsRequested.ToString(), answer.CropsUsed, answer.StopReason);
        return answer.Windows.Count == 0
            ? crops
            : crops with
            {
                Image = new(answer.ImageSize.Width, answer.ImageSize.Height),
                Windows = [.. answer.Windows.SelectMany(member => member.Windows.Select(window => Of(member.Member, window)))],
            };
    }

    private static CropWindowBody Of(string member, CropWindow window) =>
        new(member, Pixels(window.X), Pixels(window.Y), Pixels(window.Width), Pixels(window.Height), window.Mirrored, window.Times);

    private static double Pixels(double value) => Math.Round(value, PixelDecimals);

    /// <summary>The stages in milliseconds.</summary>
    public static TimingsBody Of(StageTimings timings) =>
        new(
            ServerTiming.Milliseconds(timings.Total),
            ServerTiming.Milliseconds(timings.Decode),
            ServerTiming.Milliseconds(timings.Preprocess),
            ServerTiming.Milliseconds(timings.Queue),
            ServerTiming.Milliseconds(timings.Inference),
            timings.BatchSize
        );
}
