namespace Saccade.Inference.Models;

/// <summary>Which version is asked. Which one answers may change from one moment to the next.</summary>
/// <param name="Name">Null means the default model.</param>
/// <param name="Version">Null means its newest version that works.</param>
/// <param name="NetworksOnly">Whether ensembles are passed over: the members of an ensemble are models.</param>
internal readonly record struct ModelQuery(string? Name, string? Version, bool NetworksOnly = false);
