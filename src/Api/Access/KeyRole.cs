namespace Saccade.Api.Access;

/// <summary>What a key allows.</summary>
internal enum KeyRole
{
    /// <summary>Whatever computes: images and tensors.</summary>
    Classify,

    /// <summary>The same, and loading and unloading models.</summary>
    Admin,
}
