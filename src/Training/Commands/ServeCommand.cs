using System.CommandLine;
using System.Reflection;
using Saccade.Training.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Commands.Options;

namespace Saccade.Training.Commands;

/// <summary><c>serve</c>: the service in this process, for a folder of models.</summary>
internal static class ServeCommand
{
    /// <summary>Its name: the service waits for signals itself, see Program.cs.</summary>
    public const string Name = "serve";

    private const string Service = "Saccade.Api";

    internal static Command Create()
    {
        Argument<string> models = new("models")
        {
            Description = "Folder of models: each a folder with a folder for each version, such as models/flowers/1.",
            DefaultValueFactory = _ => "models",
        };
        Command command = new(
            Name,
            "Serve a folder of models over HTTP, on http://localhost:8080 if nothing else is said. Other arguments are the service's "
                + "settings, such as --Urls=http://localhost:9000."
        )
        {
            models,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(arguments => Run(arguments.GetRequiredValue(models), arguments.UnmatchedTokens));
        return command;
    }

    private static int Run(string models, IReadOnlyList<string> settings)
    {
        if (ServedFolder.Holds(models) || ServedFolder.Newest(models) is not null)
            throw new CommandException(
                $"'{models}' is one model: serve the folder that holds it as <name>/<version>, and others beside it."
            );
        if (new RunDirectory(models).HoldsRun)
            throw new CommandException($"'{models}' is a run: export it first, to models/<name>/1, and serve models.");

        // Its entry point has no name to call it by: both programs consist of top-level statements.
        string[] arguments = [$"--Models:Path={Path.GetFullPath(models)}", .. settings];
        return (int)Assembly.Load(Service).EntryPoint!.Invoke(null, [arguments])!;
    }
}
