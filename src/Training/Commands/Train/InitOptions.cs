using System.CommandLine;
using Saccade.Training.Checkpoints;
using Saccade.Training.Commands.Options;
using Saccade.Training.Import;

namespace Saccade.Training.Commands.Train;

/// <summary>What a run starts from in place of random weights.</summary>
internal sealed class InitOptions
{
    private readonly Option<string?> _init = new("--init")
    {
        Description =
            "Start from trained weights: a run's folder, a bundle, or a file that import reads (.pth, .pt, .safetensors, .h5, .keras, "
            + "model.json). A classifier of other classes is replaced.",
        HelpName = "FILE|BUNDLE|RUN",
    };
    private readonly Option<string?> _state = new("--init-state")
    {
        Description = "Which dictionary of a torch checkpoint holds the weights; the likeliest if left out.",
    };
    private readonly Option<PreprocessingKind?> _preprocess = EnumNames<PreprocessingKind>.Option(
        "--preprocess",
        "Whose preparation of images goes with a file of weights; that of the network's best known weights if left out"
    );

    /// <summary>All options, for the command.</summary>
    public IEnumerable<Option> Options => [_init, _state, _preprocess];

    /// <summary>Whether there is something to start from.</summary>
    public bool IsGiven(ParseResult arguments) => arguments.GetValue(_init) is not null;

    /// <summary>Opens what was named; null where nothing was.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="architecture">Which network a file of weights belongs to; null where it was not said.</param>
    /// <param name="input">Rows and columns of the input; null takes the source's.</param>
    /// <param name="say">Told what was found, a line each.</param>
    /// <exception cref="CommandException">Only how to start was said.</exception>
    /// <exception cref="InvalidDataException">It cannot be started from.</exception>
    public InitialNetwork? Open(ParseResult arguments, string? architecture, int? input, Action<string> say)
    {
        var (path, state, preprocess) = (arguments.GetValue(_init), arguments.GetValue(_state), arguments.GetValue(_preprocess));
        if (path is not null)
            return InitialNetworks.Open(
                new ImportRequest(architecture ?? "", path)
                {
                    State = state,
                    Preprocess = preprocess,
                    Input = input,
                },
                say
            );
        return state is null && preprocess is null
            ? null
            : throw new CommandException($"{_state.Name} and {_preprocess.Name} need an {_init.Name}.");
    }

    /// <summary>Opens again what a run without a checkpoint began with.</summary>
    /// <exception cref="InvalidDataException">It is gone, or has become another.</exception>
    public static InitialNetwork? Reopen(RunRecord record, Action<string> say)
    {
        if (record.Init is not { } origin)
            return null;
        var initial = InitialNetworks.Open(
            new ImportRequest(record.Network.Architecture, origin.Source)
            {
                State = origin.State,
                Preprocess = origin.Preprocess is { } kind ? EnumNames<PreprocessingKind>.TryParse(kind) : null,
                Input = record.Network.InputSize,
            },
            say
        );
        return initial.Origin.Sha256 == origin.Sha256
            ? initial
            : throw new InvalidDataException($"'{origin.Source}' is not what the run began with.");
    }

    /// <summary>Whether an option was given that differs from a run's.</summary>
    public bool Differ(ParseResult arguments, RunInit? stored) =>
        (arguments.GetValue(_preprocess) is { } kind && EnumNames<PreprocessingKind>.NameOf(kind) != stored?.Preprocess)
        || (arguments.GetValue(_init) ?? stored?.Source) != stored?.Source
        || (arguments.GetValue(_state) ?? stored?.State) != stored?.State;
}
