using System.Text.Json.Serialization;

namespace Saccade.Training.Recipes;

/// <summary>How the learning rate falls.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScheduleKind>))]
public enum ScheduleKind
{
    /// <summary>Times a factor every so many epochs (GoogLeNet: ×0.96 every 8).</summary>
    [JsonStringEnumMemberName("step")]
    Step,

    /// <summary>Half a cosine down to zero at the last step.</summary>
    [JsonStringEnumMemberName("cosine")]
    Cosine,
}
