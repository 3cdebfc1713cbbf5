using Microsoft.Extensions.Logging;
using Saccade.Inference.Bundles;

namespace Saccade.Inference;

/// <summary>Every message the engine logs; event ids stay what they are once released (docs/telemetry.md).</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 100, Level = LogLevel.Information, Message = "Loading models from {Path}: {Count} version(s) found")]
    public static partial void LoadingModels(ILogger logger, string path, int count);

    [LoggerMessage(
        EventId = 101,
        Level = LogLevel.Information,
        Message = "Model {Model} is ready on {Device}: {Runs} run(s) at once, up to {Preferred} crop(s) in each (limit {Maximum}); "
            + "loading took {Elapsed}"
    )]
    public static partial void ModelReady(
        ILogger logger,
        string model,
        string device,
        int runs,
        int preferred,
        int maximum,
        TimeSpan elapsed
    );

    [LoggerMessage(EventId = 102, Level = LogLevel.Error, Message = "Model {Model} is refused: {Reason}")]
    public static partial void ModelRefused(ILogger logger, string model, string reason, Exception? error);

    [LoggerMessage(
        EventId = 103,
        Level = LogLevel.Warning,
        Message = "Model {Model} has no manifest.json. Assumed: RGB input of {Width} × {Height} as {Layout} {Type}, cut from the image "
            + "resized to {ShorterSide}, with the mean and deviation of ImageNet; '{Output}' holds {Kind} of {Classes} unnamed classes. "
            + "Write a manifest if any of that is wrong"
    )]
    public static partial void ManifestAssumed(
        ILogger logger,
        string model,
        int width,
        int height,
        InputLayout layout,
        InputType type,
        int shorterSide,
        string output,
        string kind,
        int classes
    );

    [LoggerMessage(
        EventId = 115,
        Level = LogLevel.Warning,
        Message = "Model {Model} has no complete manifest.json. Taken from its graph and from the customs of ImageNet: {Fields} (input of "
            + "{Width} × {Height} as {Layout}, output '{Output}'). GET /models/NAME shows the values"
    )]
    public static partial void FieldsAssumed(
        ILogger logger,
        string model,
        string fields,
        int width,
        int height,
        InputLayout layout,
        string output
    );

    [LoggerMessage(
        EventId = 116,
        Level = LogLevel.Warning,
        Message = "Model {Model} is served without what its config.pbtxt asks for besides: {Fields}"
    )]
    public static partial void TritonFieldsIgnored(ILogger logger, string model, string fields);

    [LoggerMessage(EventId = 104, Level = LogLevel.Information, Message = "Models run on the CPU; CUDA is not used: {Reason}")]
    public static partial void CudaNotUsed(ILogger logger, string reason);

    [LoggerMessage(EventId = 105, Level = LogLevel.Warning, Message = "{Path} in the folder of models is not served: {Advice}")]
    public static partial void PassedOver(ILogger logger, string path, string advice);

    [LoggerMessage(
        EventId = 106,
        Level = LogLevel.Error,
        Message = "There is no folder {Path}; set Models:Path to the folder that holds the models"
    )]
    public static partial void NoModelFolder(ILogger logger, string path);

    [LoggerMessage(
        EventId = 107,
        Level = LogLevel.Warning,
        Message = "Model {Model} is of 8-bit integers, and {Device} is better at floats (a processor needs VNNI, or Arm's dot product, "
            + "for integers): those in the folder fp32 are served instead"
    )]
    public static partial void FloatsInsteadOfIntegers(ILogger logger, string model, string device);

    [LoggerMessage(
        EventId = 108,
        Level = LogLevel.Warning,
        Message = "Model {Model} is of 8-bit integers, and {Device} is better at floats (a processor needs VNNI, or Arm's dot product, "
            + "for integers): expect it slow, and on a processor perhaps less accurate than measured. Floats in the folder fp32 inside "
            + "the version's would be served instead"
    )]
    public static partial void IntegersAreSlow(ILogger logger, string model, string device);

    [LoggerMessage(EventId = 109, Level = LogLevel.Warning, Message = "A warm-up failed: the first requests will take longer")]
    public static partial void WarmUpFailed(ILogger logger, Exception error);

    [LoggerMessage(
        EventId = 110,
        Level = LogLevel.Error,
        Message = "A batch of {Crops} crop(s) of model {Model} failed; several run again in batches of half the size"
    )]
    public static partial void BatchFailed(ILogger logger, string model, int crops, Exception error);

    [LoggerMessage(EventId = 111, Level = LogLevel.Error, Message = "The session of {Model} is broken and will be replaced: {Reason}")]
    public static partial void SessionBroken(ILogger logger, string model, string reason);

    [LoggerMessage(EventId = 112, Level = LogLevel.Warning, Message = "The session of {Model} was replaced")]
    public static partial void SessionReplaced(ILogger logger, string model);

    [LoggerMessage(EventId = 113, Level = LogLevel.Critical, Message = "The session of {Model} is lost: {Reason}")]
    public static partial void SessionLost(ILogger logger, string model, string reason);

    [LoggerMessage(
        EventId = 114,
        Level = LogLevel.Warning,
        Message = "{Crops} crop(s) of model {Model} at once were too many for the device's memory: batches have at most {Largest} from "
            + "now on, and those crops run again. Lower Batching:MaxBatchSize to avoid this. The runtime said: {Reason}"
    )]
    public static partial void BatchesShrunk(ILogger logger, string model, int crops, int largest, string reason);

    [LoggerMessage(EventId = 120, Level = LogLevel.Information, Message = "Draining model {Model}: {Queued} crop(s) wait, {Running} run")]
    public static partial void Draining(ILogger logger, string model, int queued, int running);

    [LoggerMessage(
        EventId = 121,
        Level = LogLevel.Warning,
        Message = "Model {Model} did not drain within {Timeout} (Execution:DrainTimeout): {Requests} request(s) were answered as shutting "
            + "down"
    )]
    public static partial void DrainTimedOut(ILogger logger, string model, TimeSpan timeout, int requests);

    [LoggerMessage(EventId = 122, Level = LogLevel.Information, Message = "Model {Model} has stopped: {Counts}")]
    public static partial void Drained(ILogger logger, string model, string counts);

    [LoggerMessage(
        EventId = 130,
        Level = LogLevel.Warning,
        Message = "Model {Model} is overloaded: {Refused} request(s) refused since the start, because their deadlines cannot be met or "
            + "for lack of room among {Capacity} waiting crops (Batching:QueueCapacity). Sessions or replicas help; a longer queue only "
            + "makes the wait longer"
    )]
    public static partial void Overloaded(ILogger logger, string model, long refused, int capacity);

    [LoggerMessage(
        EventId = 140,
        Level = LogLevel.Information,
        Message = "Model {Model} is served as its folder holds it now; what served before finishes {Queued} waiting and {Running} running "
            + "crop(s)"
    )]
    public static partial void ModelReplaced(ILogger logger, string model, int queued, int running);

    [LoggerMessage(EventId = 141, Level = LogLevel.Warning, Message = "Model {Model} goes on serving as it was loaded before")]
    public static partial void ModelKept(ILogger logger, string model);

    [LoggerMessage(EventId = 142, Level = LogLevel.Information, Message = "Model {Model} is taken out of service because {Reason}")]
    public static partial void ModelWithdrawn(ILogger logger, string model, string reason);

    [LoggerMessage(EventId = 143, Level = LogLevel.Information, Message = "Watching {Path}, every {Interval}")]
    public static partial void Watching(ILogger logger, string path, TimeSpan interval);

    [LoggerMessage(
        EventId = 144,
        Level = LogLevel.Warning,
        Message = "The folder of models cannot be looked at; what serves goes on: {Reason}"
    )]
    public static partial void WatchBlind(ILogger logger, string reason);

    [LoggerMessage(
        EventId = 145,
        Level = LogLevel.Error,
        Message = "The service is not ready: {Reason} Mend that and load it, unload it, or see Models:Strict and Models:Default"
    )]
    public static partial void NotReady(ILogger logger, string reason);

    [LoggerMessage(
        EventId = 146,
        Level = LogLevel.Information,
        Message = "Requests that name no model are answered by {Model}, the first by name; Models:Default chooses another"
    )]
    public static partial void DefaultModelChosen(ILogger logger, string model);

    [LoggerMessage(
        EventId = 147,
        Level = LogLevel.Warning,
        Message = "Model {Model} is served to requests with version={Version} only; {Default} goes on answering the others, because "
            + "{Reason}. Mend that, or unload the versions before it"
    )]
    public static partial void ServedByNumberOnly(ILogger logger, string model, string version, string @default, string reason);

    [LoggerMessage(
        EventId = 148,
        Level = LogLevel.Warning,
        Message = "Model {Model} is not loaded: it has no manifest with the labels of {Default}, which serves. Mend that, or have it "
            + "replace {Default} by POST /models/{Name}/load?version={Version}"
    )]
    public static partial void HigherVersionUnserved(ILogger logger, string model, string @default, string name, string version);

    [LoggerMessage(
        EventId = 149,
        Level = LogLevel.Warning,
        Message = "Loading model {Model} takes longer than {Patience}: others are loaded meanwhile"
    )]
    public static partial void LoadTakesLong(ILogger logger, string model, TimeSpan patience);

    [LoggerMessage(
        EventId = 151,
        Level = LogLevel.Error,
        Message = "Model {Model} is refused: it was not loaded within {Limit} (Models:LoadTimeout). Is its file system there, and have its "
            + "files an end?"
    )]
    public static partial void LoadGivenUp(ILogger logger, string model, TimeSpan limit);

    [LoggerMessage(EventId = 150, Level = LogLevel.Information, Message = "Ensemble {Model} is {State}: {Members}")]
    public static partial void EnsembleReady(ILogger logger, string model, string state, string members);

    [LoggerMessage(EventId = 200, Level = LogLevel.Information, Message = "JPEG is decoded by {Decoder}")]
    public static partial void JpegDecoderChosen(ILogger logger, string decoder);

    [LoggerMessage(
        EventId = 201,
        Level = LogLevel.Warning,
        Message = "The {Format} decoder failed in an unexpected way on an image of {Bytes} bytes; the image is refused"
    )]
    public static partial void DecoderFailed(ILogger logger, string format, int bytes, Exception exception);
}
