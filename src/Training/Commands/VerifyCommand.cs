using System.CommandLine;
using Saccade.Training.Onnx;

namespace Saccade.Training.Commands;

/// <summary><c>verify</c>: check a bundle from its files alone.</summary>
internal static class VerifyCommand
{
    internal static Command Create()
    {
        var bundle = new Option<string>("--bundle") { Description = "Folder with model.onnx and manifest.json.", Required = true };

        var command = new Command("verify", "Check that a bundle is whole, agrees with itself and runs.") { bundle };
        command.SetAction(arguments =>
        {
            var folder = new BundleFolder(arguments.GetRequiredValue(bundle));
            foreach (var check in BundleVerification.Run(folder))
                Console.Out.WriteLine($"ok  {check}");
            Console.Out.WriteLine($"'{folder.Path}' is sound.");
        });
        return command;
    }
}
