namespace Saccade.Training.Checkpoints;

/// <summary>What a run started from in place of random weights.</summary>
/// <param name="Source">File or folder, as given on the command line. Needed again only until the first checkpoint.</param>
/// <param name="Kind">What it is, in words.</param>
/// <param name="Sha256">Lower-case hexadecimal SHA-256 of the file that holds the weights; of an ensemble, of a line for each member: its
/// own, its weight and its temperature.</param>
/// <param name="State">Which dictionary of a torch checkpoint was asked for; null takes the likeliest.</param>
/// <param name="Preprocess">Whose preparation of images was asked for; null takes the usual one.</param>
public sealed record RunInit(string Source, string Kind, string Sha256, string? State = null, string? Preprocess = null);
