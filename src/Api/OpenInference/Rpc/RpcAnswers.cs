namespace Saccade.Api.OpenInference.Rpc;

/// <summary>From the protocol's answers over REST to its messages.</summary>
internal static class RpcAnswers
{
    public static ModelMetadataResponse Metadata(OipModel model) =>
        new()
        {
            Name = model.Name,
            Versions = { model.Versions },
            Platform = model.Platform,
            Inputs = { model.Inputs.Select(Tensor) },
            Outputs = { model.Outputs.Select(Tensor) },
        };

    public static RepositoryIndexResponse Index(IEnumerable<OipIndexEntry> entries, bool onlyReady) =>
        new()
        {
            Models =
            {
                from entry in entries
                where !onlyReady || entry.State == OipRepositoryEndpoint.Ready
                select new RepositoryIndexResponse.Types.ModelIndex
                {
                    Name = entry.Name,
                    Version = entry.Version,
                    State = entry.State,
                    Reason = entry.Reason,
                },
            },
        };

    public static ModelStatisticsResponse Statistics(IEnumerable<OipVersionStatistics> versions) =>
        new() { ModelStats = { versions.Select(Statistics) } };

    private static ModelStatistics Statistics(OipVersionStatistics version) =>
        new()
        {
            Name = version.Name,
            Version = version.Version,
            LastInference = (ulong)version.LastInference,
            InferenceCount = (ulong)version.InferenceCount,
            ExecutionCount = (ulong)version.ExecutionCount,
            InferenceStats = new()
            {
                Success = Duration(version.InferenceStats.Success),
                Fail = Duration(version.InferenceStats.Fail),
                Queue = Duration(version.InferenceStats.Queue),
                ComputeInput = Duration(version.InferenceStats.ComputeInput),
                ComputeInfer = Duration(version.InferenceStats.ComputeInfer),
                ComputeOutput = Duration(version.InferenceStats.ComputeOutput),
                CacheHit = Duration(version.InferenceStats.CacheHit),
                CacheMiss = Duration(version.InferenceStats.CacheMiss),
            },
            BatchStats = { version.BatchStats.Select(Batches) },
        };

    private static InferBatchStatistics Batches(OipBatchStatistics size) =>
        new()
        {
            BatchSize = (ulong)size.BatchSize,
            ComputeInput = Duration(size.ComputeInput),
            ComputeInfer = Duration(size.ComputeInfer),
            ComputeOutput = Duration(size.ComputeOutput),
        };

    private static ModelMetadataResponse.Types.TensorMetadata Tensor(OipTensor tensor) =>
        new()
        {
            Name = tensor.Name,
            Datatype = tensor.Datatype,
            Shape = { tensor.Shape },
        };

    private static StatisticDuration Duration(OipDuration duration) => new() { Count = (ulong)duration.Count, Ns = (ulong)duration.Ns };
}
