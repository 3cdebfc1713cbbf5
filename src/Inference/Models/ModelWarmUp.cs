namespace Saccade.Inference.Models;

/// <summary>Has a version that was loaded answer for the first time, before any client can ask it.</summary>
/// <param name="runtime">What is to answer, and does not serve yet.</param>
/// <exception cref="InvalidDataException">It does not answer; the message says why.</exception>
internal delegate Task ModelWarmUp(ModelRuntime runtime);
