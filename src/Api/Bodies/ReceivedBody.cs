using Saccade.Api.Errors;

namespace Saccade.Api.Bodies;

/// <summary>What a body held: images, or the reason why it was refused. Dispose to give the memory back.</summary>
internal sealed class ReceivedBody : IDisposable
{
    /// <summary>The images in the order of their parts.</summary>
    public IReadOnlyList<ReceivedImage> Images { get; private init; } = [];

    /// <summary>Null if the body is fine.</summary>
    public Refusal? Refusal { get; private init; }

    /// <summary>What it takes of all bodies' memory and of the requests at once.</summary>
    public IReadOnlyList<IDisposable> Held { get; set; } = [];

    public static ReceivedBody Of(params IReadOnlyList<ReceivedImage> images) => new() { Images = images };

    public static ReceivedBody Refused(ApiFailure failure, string detail) => Refused(Refusal.Of(failure, detail));

    public static ReceivedBody Refused(Refusal refusal) => new() { Refusal = refusal };

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var image in Images)
            image.Bytes.Dispose();
        foreach (var held in Held)
            held.Dispose();
    }
}
