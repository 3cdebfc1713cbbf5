using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Saccade.Training.Commands.Options;

/// <summary><c>--help-all</c>: the help of a command that hides the options which few people need.</summary>
internal sealed class HelpAll : SynchronousCommandLineAction
{
    private readonly Command _command;

    private HelpAll(Command command) => _command = command;

    /// <summary>The option, which counts the hidden ones.</summary>
    /// <param name="command">With all other options.</param>
    public static Option For(Command command) =>
        new Option<bool>("--help-all")
        {
            Description = $"Show help with the {command.Options.Count(option => option.Hidden)} other options too.",
            Action = new HelpAll(command),
        };

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        foreach (var option in _command.Options)
            option.Hidden = false;
        return new HelpAction().Invoke(parseResult);
    }
}
