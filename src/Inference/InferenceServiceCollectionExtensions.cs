using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Saccade.Inference.Batching;
using Saccade.Inference.Execution;
using Saccade.Inference.Models;

namespace Saccade.Inference;

/// <summary>Registers the engine.</summary>
public static class InferenceServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="ClassificationPipeline"/> and <see cref="ModelCatalog"/>. Options are read from <paramref name="configuration"/> and
    /// checked when the host starts; every mistake is reported at once, by its key.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="configuration">The root that holds the sections <c>Models</c>, <c>Batching</c> and <c>Execution</c>.</param>
    public static IServiceCollection AddInference(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ModelsOptions>().Bind(configuration.GetSection(ModelsOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ModelsOptions>, ModelsOptionsValidator>();
        services.AddOptions<BatchingOptions>().Bind(configuration.GetSection(BatchingOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<BatchingOptions>, BatchingOptionsValidator>();
        services.AddSingleton<IValidateOptions<BatchingOptions>, BatchingOptionsCrossValidator>();
        services.AddOptions<ExecutionOptions>().Bind(configuration.GetSection(ExecutionOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ExecutionOptions>, ExecutionOptionsValidator>();
        services.AddSingleton<IValidateOptions<ExecutionOptions>, ExecutionOptionsCrossValidator>();

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ModelCatalog>();
        services.TryAddSingleton(provider => new ClassificationPipeline(provider.GetRequiredService<ModelCatalog>()));
        return services;
    }
}
