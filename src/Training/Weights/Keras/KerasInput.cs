using System.Text.Json;

namespace Saccade.Training.Weights.Keras;

/// <summary>What a model says of the images that it takes.</summary>
internal static class KerasInput
{
    /// <summary>Rows and columns; null where neither the file nor the user says them.</summary>
    /// <param name="model">Described or not.</param>
    /// <param name="asked">What the user says.</param>
    /// <exception cref="InvalidDataException">The input is no square colour image, or the two contradict each other.</exception>
    public static int? Pixels(KerasModel model, int? asked)
    {
        foreach (var layer in model.Layers)
        {
            if (
                !layer.Has("batch_input_shape", out var shape)
                && !layer.Has("batch_shape", out shape)
                && !layer.Has("batchInputShape", out shape)
            )
                continue;
            long?[] sizes = shape.ValueKind == JsonValueKind.Array ? [.. shape.EnumerateArray().Select(Size)] : [];
            if (sizes is not [_, var rows, var columns, 3] || rows != columns)
                throw new InvalidDataException(
                    $"the model's input is [{string.Join(", ", sizes.Select(size => size?.ToString() ?? "null"))}], not [null, side, "
                        + "side, 3]"
                );
            if (asked is not null && rows is not null && asked != rows)
                throw new InvalidDataException($"the model's input is {rows} × {rows}, not {asked} × {asked}");
            return rows is > int.MaxValue or < 1
                ? throw new InvalidDataException($"the model's input is {rows} × {rows}")
                : (int?)rows ?? asked;
        }

        return asked;
    }

    /// <summary>
    /// A model that scales pixels itself takes them from 0 to 255: pixel · scale + offset, written as (pixel / 255 − mean) / deviation.
    /// Null where it leaves that to whoever feeds it.
    /// </summary>
    /// <exception cref="InvalidDataException">It scales twice, in the middle, or by anything but one positive number.</exception>
    public static (IReadOnlyList<float> Mean, IReadOnlyList<float> Std)? Rescaling(KerasModel model)
    {
        var scaling = model.Layers.Where(layer => layer.Kind == "Rescaling").ToList();
        if (scaling.Count == 0)
            return null;

        var layer = scaling[0];
        if (scaling.Count > 1 || model.Layers.TakeWhile(before => before != layer).Any(before => before.Tensors.Count > 0))
            throw new InvalidDataException($"layer '{scaling[^1].Name}' (Rescaling) is not the only one right behind the input");

        var (scale, offset) = (layer.Double("scale", 0), layer.Double("offset", 0));
        if (!(scale > 0) || !double.IsFinite(scale) || !double.IsFinite(offset))
            throw new InvalidDataException(
                $"layer '{layer.Name}' scales pixels by {scale} and adds {offset}; one number each is known, the scale positive"
            );

        var deviation = 1 / (byte.MaxValue * scale);
        return (Three((float)(-offset * deviation)), Three((float)deviation));
    }

    private static long? Size(JsonElement size) => size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var value) ? value : null;

    private static float[] Three(float value) => [value, value, value];
}
