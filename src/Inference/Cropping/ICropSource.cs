namespace Saccade.Inference.Cropping;

/// <summary>
/// What the crops of one request show. It is asked for a crop when the crop's batch is about to run, and disposed of when the last crop is
/// done with.
/// </summary>
internal interface ICropSource : IDisposable
{
    /// <summary>
    /// Writes a crop as the network wants it. Any order, any thread, several at once; again if the crop's batch could not run.
    /// </summary>
    /// <param name="crop">Which crop of the request, from 0.</param>
    /// <param name="row">Its row of the input tensor.</param>
    void Write(int crop, Span<byte> row);
}
