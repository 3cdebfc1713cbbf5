namespace Saccade.Api.Bodies;

/// <summary>A body that is the image itself.</summary>
internal static class RawImage
{
    /// <summary>Reads all of it.</summary>
    public static async Task<ReceivedBody> ReadAsync(Stream body, long? length, CancellationToken cancellationToken)
    {
        var bytes = await PooledBytes.ReadAsync(body, length, cancellationToken);
        return ReceivedBody.Of(new ReceivedImage(FileName: null, bytes));
    }
}
