using System.Text.Json.Serialization;

namespace Saccade.Training.Recipes;

/// <summary>How the learning rate falls.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScheduleKind>))]
public enum ScheduleKind
{
    /// <summary>Times a factor every so many epochs, in jumps (GoogLeNet: ×0.96 every 8).</summary>
    [JsonStringEnumMemberName("step")]
    Step,

    /// <summary>The same factor over the same time, but a little with every step.</summary>
    [JsonStringEnumMemberName("exponential")]
    Exponential,

    /// <summary>Half a cosine down to zero at the last step.</summary>
    [JsonStringEnumMemberName("cosine")]
    Cosine,

    /// <summary>The square root of the part of the run that is left (Caffe's <c>poly</c> of power 0.5).</summary>
    [JsonStringEnumMemberName("polynomial")]
    Polynomial,

    /// <summary>A straight line down to zero at the last step: with a warm-up, the triangle of the CIFAR-10 speed runs.</summary>
    [JsonStringEnumMemberName("linear")]
    Linear,
}
