namespace Saccade.Api.Bodies;

/// <summary>One image of a request.</summary>
/// <param name="FileName">As the client gave it, shortened; null if it gave none.</param>
/// <param name="Bytes">The encoded image; the <see cref="ReceivedBody"/> it belongs to gives the memory back.</param>
internal sealed record ReceivedImage(string? FileName, PooledBytes Bytes);
