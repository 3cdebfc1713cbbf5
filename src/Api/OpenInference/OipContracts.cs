using System.Text.Json.Serialization;

namespace Saccade.Api.OpenInference;

/// <summary>An error, as the protocol has it for every status but 2xx.</summary>
/// <param name="Error">What went wrong.</param>
internal sealed record OipError(string Error);

/// <summary>The answer to <c>GET /v2</c>.</summary>
/// <param name="Name">Of the server.</param>
/// <param name="Version">Of the server.</param>
/// <param name="Extensions">What is served beyond the protocol's core.</param>
internal sealed record OipServer(string Name, string Version, IReadOnlyList<string> Extensions);

/// <summary>The answer of a server that lives.</summary>
/// <param name="Live">True.</param>
internal sealed record OipLive(bool Live);

/// <summary>The answer of a server that is ready.</summary>
/// <param name="Ready">True.</param>
internal sealed record OipReady(bool Ready);

/// <summary>The answer of a model that is ready.</summary>
/// <param name="Name">Of the model.</param>
/// <param name="Ready">True.</param>
internal sealed record OipModelReady(string Name, bool Ready);

/// <summary>What a model takes and gives.</summary>
/// <param name="Name">Of the model.</param>
/// <param name="Versions">Those that serve.</param>
/// <param name="Platform">What runs it.</param>
/// <param name="Inputs">Its input.</param>
/// <param name="Outputs">Its output.</param>
internal sealed record OipModel(
    string Name,
    IReadOnlyList<string> Versions,
    string Platform,
    IReadOnlyList<OipTensor> Inputs,
    IReadOnlyList<OipTensor> Outputs
);

/// <summary>A tensor's description.</summary>
/// <param name="Name">In the graph.</param>
/// <param name="Datatype">As the protocol names it.</param>
/// <param name="Shape">-1 for any number.</param>
internal sealed record OipTensor(string Name, string Datatype, IReadOnlyList<long> Shape);

/// <summary>A model's configuration, as far as clients read it.</summary>
/// <param name="Name">Of the model.</param>
/// <param name="Platform">What runs it.</param>
/// <param name="MaxBatchSize">Most rows that run at once.</param>
/// <param name="Input">Its input.</param>
/// <param name="Output">Its output.</param>
internal sealed record OipConfig(
    string Name,
    string Platform,
    int MaxBatchSize,
    IReadOnlyList<OipConfigTensor> Input,
    IReadOnlyList<OipConfigTensor> Output
);

/// <summary>A tensor in a configuration.</summary>
/// <param name="Name">In the graph.</param>
/// <param name="DataType">With the prefix <c>TYPE_</c>.</param>
/// <param name="Dims">Of one row.</param>
internal sealed record OipConfigTensor(string Name, string DataType, IReadOnlyList<long> Dims);

/// <summary>The answer of a model that ran, for its schema: the answer itself is written by <see cref="InferResponseWriter"/>.</summary>
/// <param name="Id">As the request had it.</param>
/// <param name="ModelName">Who ran.</param>
/// <param name="ModelVersion">Its version.</param>
/// <param name="Outputs">What it gave.</param>
internal sealed record OipInferAnswer(string? Id, string ModelName, string ModelVersion, IReadOnlyList<OipOutput> Outputs);

/// <summary>An output of a model that ran.</summary>
/// <param name="Name">In the graph.</param>
/// <param name="Datatype">As the protocol names it.</param>
/// <param name="Shape">Rows first.</param>
/// <param name="Data">Its elements, row by row; absent where they follow as bytes.</param>
internal sealed record OipOutput(string Name, string Datatype, IReadOnlyList<long> Shape, IReadOnlyList<object>? Data);

/// <summary>Statistics of versions.</summary>
/// <param name="ModelStats">One a version.</param>
internal sealed record OipStatistics(IReadOnlyList<OipVersionStatistics> ModelStats);

/// <summary>Statistics of a version.</summary>
/// <param name="Name">Of the model.</param>
/// <param name="Version">Its version.</param>
/// <param name="LastInference">Milliseconds since 1970; 0 before the first.</param>
/// <param name="InferenceCount">Rows that ran.</param>
/// <param name="ExecutionCount">Batches that ran.</param>
/// <param name="InferenceStats">Where the time went, by rows.</param>
/// <param name="BatchStats">The same by batch size.</param>
internal sealed record OipVersionStatistics(
    string Name,
    string Version,
    long LastInference,
    long InferenceCount,
    long ExecutionCount,
    OipInferenceStatistics InferenceStats,
    IReadOnlyList<OipBatchStatistics> BatchStats
);

/// <summary>Where the time went. What is not measured apart has the count 0.</summary>
internal sealed record OipInferenceStatistics(
    OipDuration Success,
    OipDuration Fail,
    OipDuration Queue,
    OipDuration ComputeInput,
    OipDuration ComputeInfer,
    OipDuration ComputeOutput,
    OipDuration CacheHit,
    OipDuration CacheMiss
);

/// <summary>Runs of one batch size.</summary>
internal sealed record OipBatchStatistics(int BatchSize, OipDuration ComputeInput, OipDuration ComputeInfer, OipDuration ComputeOutput);

/// <summary>A number of events and the nanoseconds they took together.</summary>
internal readonly record struct OipDuration(long Count, long Ns);

/// <summary>A line of the repository's index.</summary>
/// <param name="Name">Of the model.</param>
/// <param name="Version">Its version.</param>
/// <param name="State">READY, LOADING, UNLOADING or UNAVAILABLE.</param>
/// <param name="Reason">Why, if it is not ready; empty otherwise.</param>
internal sealed record OipIndexEntry(string Name, string Version, string State, string Reason);

/// <summary>The JSON of the protocol: snake_case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OipError))]
[JsonSerializable(typeof(OipServer))]
[JsonSerializable(typeof(OipLive))]
[JsonSerializable(typeof(OipReady))]
[JsonSerializable(typeof(OipModelReady))]
[JsonSerializable(typeof(OipModel))]
[JsonSerializable(typeof(OipConfig))]
[JsonSerializable(typeof(OipStatistics))]
[JsonSerializable(typeof(OipIndexEntry[]))]
internal sealed partial class OipJson : JsonSerializerContext;
