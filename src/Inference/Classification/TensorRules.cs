using Saccade.Inference.Tensors;

namespace Saccade.Inference.Classification;

/// <summary>Whether a tensor is what a model takes.</summary>
internal static class TensorRules
{
    /// <summary>How many rows a tensor has; 1 if its shape says none that there can be.</summary>
    public static int Rows(TensorRequest request) => request.Shape is [>= 1 and <= int.MaxValue, ..] ? (int)request.Shape[0] : 1;

    /// <summary>What does not fit, in one sentence; null if all does.</summary>
    /// <param name="request">The tensor.</param>
    /// <param name="layout">What the model takes.</param>
    /// <param name="mostRows">Rows that the queue has room for.</param>
    public static string? Mismatch(TensorRequest request, TensorLayout layout, int mostRows)
    {
        if (request.InputName != layout.InputName)
            return $"The model's input is '{layout.InputName}'.";
        if (request.InputType != layout.InputType)
            return $"Input '{layout.InputName}' has elements of type {layout.InputType}.";
        if (request.Shape.Count == 0 || !request.Shape.Skip(1).SequenceEqual(layout.InputShape))
            return $"Input '{layout.InputName}' has the shape [N, {string.Join(", ", layout.InputShape)}]; the request's is "
                + $"[{string.Join(", ", request.Shape)}].";
        if (request.Shape[0] < 1 || request.Shape[0] > mostRows)
            return $"A request has 1 to {mostRows} rows; this one has {request.Shape[0]}.";
        var bytes = request.Shape[0] * layout.CropBytes;
        return request.Data.Length == bytes ? null : $"The shape says {bytes} bytes; there are {request.Data.Length}.";
    }
}
