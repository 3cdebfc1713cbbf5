using System.CommandLine;
using Saccade.Training.Data;
using Saccade.Training.Onnx;
using Model = Saccade.Inference.Bundles;

namespace Saccade.Training.Commands.Options;

/// <summary>The options that say in what form a network leaves.</summary>
internal static class FormatOptions
{
    private static readonly Dictionary<string, Model.Precision> Precisions = new(StringComparer.Ordinal)
    {
        ["fp32"] = Model.Precision.Fp32,
        ["fp16"] = Model.Precision.Fp16,
        ["int8"] = Model.Precision.Int8,
    };

    private static readonly Dictionary<string, Model.InputType> Inputs = new(StringComparer.Ordinal)
    {
        ["float"] = Model.InputType.Float32,
        ["uint8"] = Model.InputType.UInt8,
    };

    internal static Option<string> Precision() =>
        new("--precision")
        {
            Description = $"Number format of the weights: {string.Join(", ", Precisions.Keys)}.",
            DefaultValueFactory = _ => "fp32",
        };

    internal static Option<string> InputType() =>
        new("--input-type")
        {
            Description = "Input of the graph: float [N, 3, H, W], normalised, or uint8 [N, H, W, 3], pixels that the graph normalises.",
            DefaultValueFactory = _ => "float",
        };

    internal static Option<bool> Features() =>
        new("--with-features")
        {
            Description = "Give the layer before the classifier as a second output, features, for /embed and predict --embeddings.",
        };

    internal static Option<string?> Calibrate() =>
        new("--calibrate")
        {
            Description = "What the activation ranges of int8 are measured on: a data set (its training part) or any folder of images.",
        };

    /// <summary>The form, and the images that it needs.</summary>
    internal static (ExportFormat Format, ActivationRangeImages? RangeImages) Parse(
        string precision,
        string inputType,
        bool features,
        string? calibrate
    )
    {
        var format = new ExportFormat(Find(Precisions, "--precision", precision), Find(Inputs, "--input-type", inputType), features);
        return (format.Precision, calibrate) switch
        {
            (Model.Precision.Int8, null) => throw new CommandException(
                "--precision int8 needs images to measure activation ranges on: --calibrate PATH."
            ),
            (Model.Precision.Int8, var path) => (format, ActivationRangeImages.Open(path, Console.Error.WriteLine)),
            (_, null) => (format, null),
            _ => throw new CommandException("--calibrate is for --precision int8 only."),
        };
    }

    private static T Find<T>(Dictionary<string, T> known, string option, string value) =>
        known.TryGetValue(value, out var found)
            ? found
            : throw new CommandException($"{option} {value} is not supported; use {string.Join(" or ", known.Keys)}.");
}
