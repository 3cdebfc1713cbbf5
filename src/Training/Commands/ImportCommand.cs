using System.CommandLine;
using Saccade.Training.Bundles;
using Saccade.Training.Commands.Options;
using Saccade.Training.Import;
using Saccade.Training.Networks;

namespace Saccade.Training.Commands;

/// <summary><c>import</c>: make a bundle of weights that another implementation trained.</summary>
internal static class ImportCommand
{
    internal static Command Create()
    {
        Option<string> arch = new("--arch") { Description = $"Network: {string.Join(", ", Architectures.Names)}.", Required = true };
        Option<string> weights = new("--weights")
        {
            Description =
                "State dictionary of torch (.pth, .pt: zip or legacy), .safetensors, Keras's .h5 or .keras, or model.json of a "
                + "TensorFlow.js layers model.",
            Required = true,
        };
        Option<string> bundle = new("--out")
        {
            Description = "Folder of the bundle, such as models/<name>/<version>; replaced as a whole.",
            Required = true,
        };
        Option<string?> labels = new("--labels")
        {
            Description = "Class names in index order, one a line or as a JSON array; ImageNet's for 1000 classes if left out.",
        };
        var preprocess = EnumNames<PreprocessingKind>.Option(
            "--preprocess",
            "Whose preparation of images; that of the network's best known weights if left out"
        );
        Option<float[]> mean = Three("--mean", "Mean of each channel, in the channels' order and scale; that of --preprocess if left out.");
        Option<float[]> std = Three("--std", "Deviation of each channel; that of --preprocess if left out.");
        Option<string?> state = new("--state")
        {
            Description = "Which dictionary of a checkpoint holds the weights, such as state_dict_ema; the likeliest if left out.",
        };
        Option<bool> transformInput = new("--transform-input")
        {
            Description =
                "With --preprocess torchvision: whether the weights were trained with torchvision's transform_input, as all it publishes "
                + "for GoogLeNet and Inception-v3 were.",
            DefaultValueFactory = _ => true,
        };
        Option<int?> classes = new("--classes") { Description = "Number of classes; as many as the weights have if left out." };
        Option<int?> input = new("--input") { Description = "Rows and columns of the input in pixels; the published size if left out." };
        Option<string> precision = FormatOptions.Precision();
        Option<string> inputType = FormatOptions.InputType();
        Option<bool> features = FormatOptions.Features();
        Option<string?> calibrate = FormatOptions.Calibrate();
        Option<string?> licence = new("--licence") { Description = "SPDX identifier of the weights' licence, such as BSD-3-Clause." };

        Command command = new("import", "Make a bundle of weights that another implementation trained, proved to run as they are.")
        {
            arch,
            weights,
            bundle,
            labels,
            state,
            preprocess,
            mean,
            std,
            transformInput,
            classes,
            input,
            precision,
            inputType,
            features,
            calibrate,
            licence,
        };
        command.SetAction(
            (arguments, cancellation) =>
            {
                var (format, rangeImages) = FormatOptions.Parse(
                    arguments.GetRequiredValue(precision),
                    arguments.GetRequiredValue(inputType),
                    arguments.GetValue(features),
                    arguments.GetValue(calibrate)
                );
                var request = new ImportRequest(arguments.GetRequiredValue(arch), arguments.GetRequiredValue(weights))
                {
                    Labels = arguments.GetValue(labels),
                    Preprocess = arguments.GetValue(preprocess),
                    Mean = arguments.GetValue(mean) is { Length: > 0 } means ? means : null,
                    Std = arguments.GetValue(std) is { Length: > 0 } deviations ? deviations : null,
                    State = arguments.GetValue(state),
                    TransformInput = arguments.GetValue(transformInput),
                    Classes = arguments.GetValue(classes),
                    Input = arguments.GetValue(input),
                    Format = format,
                    RangeImages = rangeImages,
                    Licence = arguments.GetValue(licence),
                };
                new WeightsImport(request, TimeProvider.System, Console.Out.WriteLine).Write(
                    new BundleFolder(arguments.GetRequiredValue(bundle)),
                    cancellation
                );
                return Task.FromResult(0);
            }
        );
        return command;
    }

    private static Option<float[]> Three(string name, string description)
    {
        Option<float[]> option = new(name)
        {
            Description = description,
            Arity = new ArgumentArity(3, 3),
            AllowMultipleArgumentsPerToken = true,
        };
        option.Validators.Add(result =>
        {
            var values = result.GetValueOrDefault<float[]>() ?? [];
            if (!values.All(float.IsFinite) || (name == "--std" && values.Any(value => value <= 0)))
                result.AddError($"{name} takes three numbers{(name == "--std" ? " above 0" : "")}.");
        });
        return option;
    }
}
