using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Saccade.Inference.Classification;
using Saccade.Inference.Cropping;
using Saccade.Inference.Decoding;
using Saccade.Inference.Execution;
using Saccade.Inference.Execution.Devices;
using Saccade.Inference.Execution.Sessions;
using Saccade.Inference.Models;
using Saccade.Inference.Scheduling;
using Saccade.Inference.Telemetry;

namespace Saccade.Inference;

/// <summary>Registers the engine.</summary>
public static class InferenceServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="ClassificationPipeline"/>, <see cref="TensorPipeline"/>, <see cref="ModelCatalog"/> and <see cref="ModelControl"/>.
    /// Options are read from <paramref name="configuration"/> and checked when the host starts; every mistake is reported at once, by its
    /// key.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="configuration">The root that holds the sections <c>Models</c>, <c>Decoding</c>, <c>Cropping</c>, <c>Ensembles</c>,
    /// <c>Batching</c>, <c>Cache</c> and <c>Execution</c>.</param>
    public static IServiceCollection AddInference(this IServiceCollection services, IConfiguration configuration)
    {
        AddValidated<ModelsOptions>(services, configuration.GetSection(ModelsOptions.Section));
        AddValidated<DecodingOptions>(services, configuration.GetSection(DecodingOptions.Section));
        services.AddOptions<CroppingOptions>().Bind(configuration.GetSection(CroppingOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CroppingOptions>, CroppingOptionsValidator>();
        AddValidated<EnsemblesOptions>(services, configuration.GetSection(EnsemblesOptions.Section));
        AddValidated<BatchingOptions>(services, configuration.GetSection(BatchingOptions.Section));
        AddValidated<CacheOptions>(services, configuration.GetSection(CacheOptions.Section));
        AddValidated<ExecutionOptions>(services, configuration.GetSection(ExecutionOptions.Section));
        services.AddSingleton<IValidateOptions<BatchingOptions>, BatchingOptionsValidator>();
        services.AddSingleton<IValidateOptions<ExecutionOptions>, ExecutionOptionsValidator>();

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ModelSessionFactory>((path, spec) => new OnnxModelSession(path, spec));
        services.TryAddSingleton<InferenceTelemetry>();
        services.TryAddSingleton<ImageDecoder>();
        services.TryAddSingleton<DeviceGates>();
        services.TryAddSingleton(IntegerArithmetic.OfThisMachine);
        services.TryAddSingleton<ModelWarmUp>(static provider => ActivatorUtilities.CreateInstance<PipelineWarmUp>(provider).RunAsync);
        services.TryAddSingleton<ModelLoader>();
        services.TryAddSingleton(provider => new ModelCatalog(
            provider.GetRequiredService<IOptions<ModelsOptions>>(),
            provider.GetRequiredService<InferenceTelemetry>()
        ));
        services.TryAddSingleton<LiveRuntimes>();
        services.TryAddSingleton<VersionLoads>();
        services.TryAddSingleton(provider => new ModelControl(
            provider.GetRequiredService<ModelCatalog>(),
            provider.GetRequiredService<VersionLoads>(),
            provider.GetRequiredService<LiveRuntimes>(),
            provider.GetRequiredService<InferenceTelemetry>(),
            provider.GetRequiredService<IOptions<ModelsOptions>>(),
            provider.GetRequiredService<IOptions<EnsemblesOptions>>(),
            provider.GetRequiredService<ILogger<ModelControl>>()
        ));
        services.TryAddSingleton<RepositoryWatch>();
        services.TryAddSingleton(static provider =>
            MemoryBudget.For(provider.GetRequiredService<IOptions<DecodingOptions>>().Value, provider.GetRequiredService<TimeProvider>())
        );
        services.TryAddSingleton<AnswerCache>();
        services.TryAddSingleton(provider => new ClassificationPipeline(
            provider.GetRequiredService<ModelCatalog>(),
            provider.GetRequiredService<ImageDecoder>(),
            provider.GetRequiredService<MemoryBudget>(),
            provider.GetRequiredService<AnswerCache>(),
            provider.GetRequiredService<IOptions<BatchingOptions>>(),
            provider.GetRequiredService<InferenceTelemetry>(),
            provider.GetRequiredService<TimeProvider>()
        ));
        services.TryAddSingleton(provider => new TensorPipeline(
            provider.GetRequiredService<ModelCatalog>(),
            provider.GetRequiredService<IOptions<BatchingOptions>>(),
            provider.GetRequiredService<InferenceTelemetry>(),
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddHostedService<ModelHost>();
        services.AddMetrics();
        return services;
    }

    private static void AddValidated<T>(IServiceCollection services, IConfigurationSection section)
        where T : class => services.AddOptions<T>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
}
