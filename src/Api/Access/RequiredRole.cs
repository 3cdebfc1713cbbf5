namespace Saccade.Api.Access;

/// <summary>Metadata of an endpoint that not everybody may use: the role of its callers, wherever keys are asked for.</summary>
internal sealed record RequiredRole(KeyRole Role);
