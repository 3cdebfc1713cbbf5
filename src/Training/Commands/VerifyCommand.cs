using System.CommandLine;
using Saccade.Training.Bundles;

namespace Saccade.Training.Commands;

/// <summary><c>verify</c>: check a bundle from its files alone.</summary>
internal static class VerifyCommand
{
    internal static Command Create()
    {
        var bundle = new Option<string>("--bundle") { Description = "Folder with model.onnx and manifest.json.", Required = true };
        var writeProbe = new Option<bool>("--write-probe")
        {
            Description =
                "If all holds and the bundle has no probe.json, write one from what it answers now: for bundles of earlier versions "
                + "that are known to be good.",
        };

        var command = new Command("verify", "Check that a bundle is whole, agrees with itself and runs.") { bundle, writeProbe };
        command.SetAction(arguments =>
        {
            var folder = new BundleFolder(arguments.GetRequiredValue(bundle));
            foreach (var check in BundleVerification.Run(folder))
                Console.Out.WriteLine($"ok  {check}");
            if (arguments.GetValue(writeProbe) && folder.ReadProbe() is null)
            {
                var (model, manifest) = folder.Read();
                folder.WriteProbe(BundleProbe.Of(model, manifest));
                Console.Out.WriteLine($"wrote {BundleProbe.FileName}");
            }

            Console.Out.WriteLine($"'{folder.Path}' is sound.");
        });
        return command;
    }
}
