using System.CommandLine;
using Saccade.Training.Bundles;

namespace Saccade.Training.Commands;

/// <summary><c>bundle init</c>: a network from elsewhere gets a complete manifest.</summary>
internal static class BundleCommand
{
    internal static Command Create() => new("bundle", "Make bundles of networks from elsewhere.") { CreateInit() };

    private static Command CreateInit()
    {
        var model = new Argument<string>("MODEL.onnx") { Description = "The network." };
        var labels = new Option<string?>("--labels")
        {
            Description =
                "File with the name of a class on each line; if left out, labels.txt or the id2label of config.json beside the network, "
                + "or class 0, class 1, …",
        };
        var target = new Option<string?>("--out")
        {
            Description =
                "Folder of the bundle, to which the network is copied; if left out, the network's own if it is named model.onnx, otherwise "
                + "models/NAME/1.",
        };
        var force = new Option<bool>("--force")
        {
            Description = "Replace files that are there. Fields of a manifest.json beside MODEL.onnx are kept.",
        };

        var command = new Command(
            "init",
            "Write a complete manifest.json with what the service would assume about a network, to be corrected by hand."
        )
        {
            model,
            labels,
            target,
            force,
        };
        command.SetAction(arguments =>
        {
            var bundle = BundleInit.Read(arguments.GetRequiredValue(model), arguments.GetValue(labels), arguments.GetValue(target));
            bundle.Write(arguments.GetValue(force));
            foreach (var (field, value) in bundle.Assumed)
                Console.Out.WriteLine($"assumed  {field} = {value}");
            Console.Out.WriteLine($"wrote {Path.Combine(bundle.Target, "manifest.json")}");
            Console.Out.WriteLine("Correct in it what the network was not trained with: see docs/model-bundle.md.");
        });
        return command;
    }
}
