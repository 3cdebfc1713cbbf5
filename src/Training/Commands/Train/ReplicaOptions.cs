using System.CommandLine;
using Saccade.Training.Checkpoints;
using Saccade.Training.Commands.Options;

namespace Saccade.Training.Commands.Train;

/// <summary>How many copies of the network train together, and how.</summary>
internal sealed class ReplicaOptions
{
    private readonly Option<int?> _count = new("--replicas")
    {
        Description = "Replicas of the network that train together; without it or --mode there are none.",
    };
    private readonly Option<string?> _mode = new("--mode")
    {
        Description = $"How they do: {string.Join(", ", EnumNames<ReplicaMode>.All)} (the first if left out).",
    };

    public ReplicaOptions() => _mode.AcceptOnlyFromAmong([.. EnumNames<ReplicaMode>.All]);

    /// <summary>Both options, for the command.</summary>
    public IEnumerable<Option> Options => [_count, _mode];

    /// <summary>What was asked for; one replica where only the mode was.</summary>
    /// <exception cref="CommandException">Fewer than one.</exception>
    public RunReplicas? Of(ParseResult arguments)
    {
        var (count, mode) = (arguments.GetValue(_count), arguments.GetValue(_mode));
        if (count < 1)
            throw new CommandException("--replicas must be at least 1.");
        return count is null && mode is null
            ? null
            : new RunReplicas(count ?? 1, mode is null ? default : EnumNames<ReplicaMode>.TryParse(mode)!.Value);
    }

    /// <summary>Whether an option was given that differs from a run's.</summary>
    public bool Differ(ParseResult arguments, RunReplicas? stored) =>
        Of(arguments) is { } given
        && (
            (arguments.GetValue(_count) is not null && given.Count != stored?.Count)
            || (arguments.GetValue(_mode) is not null && given.Mode != stored?.Mode)
        );
}
