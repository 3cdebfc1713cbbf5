namespace Saccade.Api.Rehearsals;

/// <summary>Among a request's features: no client sent it, so it is counted nowhere.</summary>
internal sealed class RehearsalMark;
