using System.Text.Json.Serialization;

namespace Saccade.Training.Recipes;

/// <summary>How a gradient becomes a move.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OptimiserKind>))]
public enum OptimiserKind
{
    /// <summary>Stochastic gradient descent with momentum, Nesterov's or the classical one.</summary>
    [JsonStringEnumMemberName("sgd")]
    Sgd,

    /// <summary>RMSProp as TensorFlow computes it, which the Inception papers used and torch's is not.</summary>
    [JsonStringEnumMemberName("rmsprop")]
    RmsProp,

    /// <summary>Adam with weight decay apart from the gradient (Loshchilov and Hutter 2019), as torch computes it.</summary>
    [JsonStringEnumMemberName("adamw")]
    AdamW,
}
