using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Saccade.Inference;
using Saccade.Inference.Classification;
using Saccade.Inference.Models;

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.ClearProviders();
builder.Services.AddInference(builder.Configuration);
using var host = builder.Build();
await host.StartAsync();
await host.Services.GetRequiredService<ModelCatalog>().Loaded;
var pipeline = host.Services.GetRequiredService<ClassificationPipeline>();
var request = new ClassifyRequest { Image = File.ReadAllBytes(args[^1]), ArrivedAt = TimeProvider.System.GetTimestamp() };
var outcome = await pipeline.ClassifyAsync(request, CancellationToken.None);
Console.WriteLine(outcome is ClassifyAnswer answer ? answer.Predictions[0] : outcome);
await host.StopAsync();
