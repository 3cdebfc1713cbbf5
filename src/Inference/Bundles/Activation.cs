using System.Text.Json.Serialization;

namespace Saccade.Inference.Bundles;

/// <summary>What turns a network's output into probabilities.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Activation>))]
public enum Activation
{
    /// <summary>Of logits: an image shows one of the classes, and the probabilities sum to 1.</summary>
    [JsonStringEnumMemberName("softmax")]
    Softmax,

    /// <summary>Of logits: each label is decided on its own, and an image may have several or none.</summary>
    [JsonStringEnumMemberName("sigmoid")]
    Sigmoid,

    /// <summary>Nothing: the output holds probabilities, after a softmax, or with a threshold after a sigmoid.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}
