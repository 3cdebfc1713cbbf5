namespace Saccade.Api.Tests.Support;

/// <summary>A body of which all but the last byte comes at once.</summary>
internal sealed class HeldBody : HttpContent
{
    private readonly TaskCompletionSource _begun = new();
    private readonly byte[] _bytes;
    private readonly Task _rest;

    public HeldBody(byte[] bytes, Task rest, string type = "application/octet-stream")
    {
        (_bytes, _rest) = (bytes, rest);
        Headers.ContentType = new(type);
    }

    /// <summary>Completes when all but the last byte has been sent.</summary>
    public Task Begun => _begun.Task;

    protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
    {
        await stream.WriteAsync(_bytes.AsMemory(0, _bytes.Length - 1));
        await stream.FlushAsync();
        _begun.TrySetResult();
        await _rest;
        await stream.WriteAsync(_bytes.AsMemory(_bytes.Length - 1));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
