using System.CommandLine;
using Saccade.Training.Weights;

namespace Saccade.Training.Commands.Options;

/// <summary>"Did you mean" for whatever was mistyped.</summary>
internal static class Suggestion
{
    private const int MostSlips = 2;

    /// <summary>A sentence that names the known word most like a given one, with a space before it; empty where none is alike.</summary>
    public static string For(string given, IEnumerable<string> known)
    {
        string[] words = [.. known];
        var nearest =
            words.Where(word => Slips(given, word) <= MostSlips).MinBy(word => Slips(given, word))
            ?? NameSimilarity.Nearest(given, NameSimilarity.Prepare(words), count: 1).FirstOrDefault();
        return nearest is null ? "" : $" Did you mean {nearest}?";
    }

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

    /// <summary>Letters that are wrong, missing, too many, or swapped with their neighbour (Damerau's distance).</summary>
    private static int Slips(string given, string word)
    {
        var slips = new int[given.Length + 1, word.Length + 1];
        for (var i = 0; i <= given.Length; i++)
        {
            for (var j = 0; j <= word.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    slips[i, j] = i + j;
                    continue;
                }

                var changed = slips[i - 1, j - 1] + (given[i - 1] == word[j - 1] ? 0 : 1);
                slips[i, j] = Math.Min(changed, 1 + Math.Min(slips[i - 1, j], slips[i, j - 1]));
                if (i > 1 && j > 1 && given[i - 1] == word[j - 2] && given[i - 2] == word[j - 1])
                    slips[i, j] = Math.Min(slips[i, j], slips[i - 2, j - 2] + 1);
            }
        }

        return slips[given.Length, word.Length];
    }
}
