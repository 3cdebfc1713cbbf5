namespace Saccade.Api.Requests;

/// <summary>Among a request's features: no client sent it, so it is counted nowhere.</summary>
internal sealed class WarmUpMark;
