namespace Saccade.Inference.Models;

/// <summary>Where one version of a model is in its life.</summary>
public enum ModelState
{
    /// <summary>Being read, checked and warmed up, or waiting for that; requests for it are refused as not ready.</summary>
    Loading,

    /// <summary>Every session has been warmed up and is healthy.</summary>
    Ready,

    /// <summary>A session failed; the others still answer, or a replacement is being made.</summary>
    Degraded,

    /// <summary>Refused at load, or every session was lost. <see cref="ModelStatus.Error"/> says why.</summary>
    Failed,

    /// <summary>Taking no new work; what was accepted is being answered.</summary>
    Draining,

    /// <summary>Taken out of service, its memory freed; it can be loaded again.</summary>
    Unloaded,
}
