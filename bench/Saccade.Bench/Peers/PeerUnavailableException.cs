namespace Saccade.Bench.Peers;

/// <summary>A peer can't run on this machine.</summary>
/// <param name="reason">What is missing, and how to get it.</param>
internal sealed class PeerUnavailableException(string reason) : Exception(reason);
