using Saccade.Api.Configuration;
using Saccade.Inference.Classification;
using Saccade.Inference.Cropping;
using Saccade.Inference.Decoding;
using Saccade.Inference.Execution;
using Saccade.Inference.Models;
using Saccade.Inference.Scheduling;

namespace Saccade.Api.Startup;

/// <summary>The engine validates its options itself; here they join the report of all mistakes at once.</summary>
internal static class EngineChecks
{
    public static IServiceCollection AddEngineSectionChecks(this IServiceCollection services) =>
        services
            .AddSectionCheck<ModelsOptions>(ModelsOptions.Section)
            .AddSectionCheck<DecodingOptions>(DecodingOptions.Section)
            .AddSectionCheck<CroppingOptions>(CroppingOptions.Section)
            .AddSectionCheck<EnsemblesOptions>(EnsemblesOptions.Section)
            .AddSectionCheck<BatchingOptions>(BatchingOptions.Section)
            .AddSectionCheck<ExecutionOptions>(ExecutionOptions.Section)
            .AddSectionCheck<CacheOptions>(CacheOptions.Section)
            .AddSingleton<IStartupCheck, ModelFolderCheck>()
            .AddSingleton<IStartupCheck, DecoderCheck>();
}
