namespace Saccade.Api.Tests.Client;

/// <summary>Bytes that can be read once, as from a network.</summary>
internal sealed class ForwardStream(byte[] bytes) : MemoryStream(bytes)
{
    public override bool CanSeek => false;
}
