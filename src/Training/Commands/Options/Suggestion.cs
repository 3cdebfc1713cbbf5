using System.CommandLine;
using Saccade.Training.Weights;

namespace Saccade.Training.Commands.Options;

/// <summary>"Did you mean" for whatever was mistyped.</summary>
internal static class Suggestion
{
    /// <summary>A sentence that names the known word most like a given one, with a space before it; empty where none is alike.</summary>
    public static string For(string given, IEnumerable<string> known) =>
        NameSimilarity.Nearest(given, NameSimilarity.Prepare(known), count: 1).FirstOrDefault() is { } nearest
            ? $" Did you mean {nearest}?"
            : "";

    /// <summary>What is wrong with a command line, as one text.</summary>
    public static string Describe(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var unknown = parsed.UnmatchedTokens.Where(token => token.StartsWith('-')).ToArray();
        if (unknown.Length > 0)
        {
            // What follows an unknown option is most likely its value, and what seems to be missing may be what was mistyped.
            string[] options = [.. command.Options.SelectMany(option => option.Aliases.Prepend(option.Name))];
            return string.Join(" ", unknown.Select(token => $"There is no option '{token}'.{For(token, options)}"));
        }

        var commands = command.Subcommands.Select(subcommand => subcommand.Name);
        return string.Join(
            " ",
            parsed.Errors.Select(error =>
                error.Message
                + (
                    parsed.UnmatchedTokens.FirstOrDefault(token => error.Message.Contains($"'{token}'", StringComparison.Ordinal))
                        is { } token
                        ? For(token, commands)
                        : ""
                )
            )
        );
    }
}
