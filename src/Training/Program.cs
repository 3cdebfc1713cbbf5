using System.CommandLine;
using System.CommandLine.Help;
using Saccade.Training;
using Saccade.Training.Commands;
using Saccade.Training.Commands.Options;
using Saccade.Training.Networks.Layers;

// No RootCommand: that is called what the assembly is.
Command root = new("saccade", "Trains the Inception family, exports it as ONNX for the Saccade service, and predicts files with it.")
{
    new HelpOption(),
    new VersionOption(),
    DescribeCommand.Create(),
    DataCommand.Create(),
    TrainCommand.Create(),
    EvaluateCommand.Create(),
    RobustnessCommand.Create(),
    PredictCommand.Create(),
    ExperimentsCommand.Create(),
    ExportCommand.Create(),
    ImportCommand.Create(),
    VerifyCommand.Create(),
    BundleCommand.Create(),
    ServeCommand.Create(),
};

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
    return Fail(Suggestion.Describe(parsed));

try
{
    // A step and its checkpoint fit easily; after that the process ends whatever it is doing. The service has a limit of its own.
    return await parsed.InvokeAsync(
        new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = parsed.CommandResult.Command.Name == ServeCommand.Name ? null : TimeSpan.FromMinutes(1),
        }
    );
}
catch (Exception exception)
    when (exception is CommandException or NetworkException or InvalidDataException or IOException or UnauthorizedAccessException)
{
    return Fail(exception.Message);
}
catch (Exception exception) when (Libtorch.LoadFailure(exception) is { } failure)
{
    return Fail(failure);
}
catch (OperationCanceledException)
{
    return Fail("Cancelled.");
}

static int Fail(string message)
{
    Console.Error.WriteLine($"error: {string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}");
    return 1;
}
