using Saccade.Api.Access;
using Saccade.Api.Endpoints;
using Saccade.Api.Errors;
using Saccade.Api.Limits;
using Saccade.Api.Middleware;
using Saccade.Api.OpenApi;
using Saccade.Api.OpenInference;
using Saccade.Api.OpenInference.Rpc;
using Saccade.Api.Operations;
using Saccade.Api.Page;
using Saccade.Api.Parameters;
using Saccade.Api.Shutdown;
using Saccade.Api.Startup;
using Saccade.Api.Telemetry;
using Saccade.Api.WarmUp;
using Saccade.Inference;

if (CommandLine.AnswerTo(args) is { } answer)
{
    Console.WriteLine(answer);
    return 0;
}

// The settings lie beside the program, wherever it is started from.
var options = new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory };
var builder = WebApplication.CreateBuilder(options).UseDefaultAddress().UseOperatorPort().UseGrpcPort().AddTelemetry();
builder
    .Services.AddInference(builder.Configuration)
    .AddEngineSectionChecks()
    .AddAddressCheck()
    .AddReceiveBlocks()
    .AddLimits()
    .AddKeys(builder.Configuration)
    .AddGracefulShutdown()
    .AddFailureResponses()
    .AddReadiness()
    .AddParameters()
    .AddEndpoints()
    .AddOpenInference()
    .AddRpc()
    .AddDocumentation()
    .AddWarmUp();

return await builder
    .Build()
    .RunCheckedAsync(static app =>
    {
        app.UseTrustedProxies();
        app.UseMiddleware<RequestHeaders>();
        app.UseMiddleware<RequestSpan>();
        app.UseFailureResponses();
        app.UseHeadLimits();
        app.UseRouting();
        app.UseAccess();

        app.MapClassify();
        app.MapModels();
        app.MapOpenInference();
        app.MapRpc();
        app.MapHealth();
        app.MapMetrics();
        app.MapDocumentation();
        app.MapPage();
    });
