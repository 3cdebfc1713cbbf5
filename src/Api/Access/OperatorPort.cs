using Microsoft.AspNetCore.Routing.Matching;
using Saccade.Api.Configuration;

namespace Saccade.Api.Access;

/// <summary>Opens the port of <see cref="OperatorOptions.Port"/>.</summary>
internal static class OperatorPort
{
    private const string Key = $"{OperatorOptions.Section}:{nameof(OperatorOptions.Port)}";

    /// <summary>Adds the port to the addresses that the configuration names; to be called once these are complete.</summary>
    public static WebApplicationBuilder UseOperatorPort(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<OperatorOptions>(OperatorOptions.Section);
        if (ExtraPort.Read(builder.Configuration, Key) is not { } port)
            return builder;

        var mistake = ExtraPort.Endpoints(builder.Configuration) is { Count: > 0 } endpoints
            ? Among(endpoints, port)
            : ExtraPort.Add(builder.Configuration, Key, port);
        if (mistake is not null)
            builder.Services.AddSingleton<IStartupCheck>(new SettingMistake(mistake));
        builder.Services.AddSingleton<MatcherPolicy>(new OperatorPortPolicy(port));
        return builder;
    }

    private static string? Among(IReadOnlyList<BindingAddress> endpoints, int port) =>
        endpoints.Any(endpoint => endpoint.Port == port) ? null : $"{Key} is {port}, where none of Kestrel:Endpoints listens.";

    /// <summary>Hides what is for operators from those who come by another port. The port is the connection's own: what the request says in
    /// <c>Host</c> is the client's choice.</summary>
    private sealed class OperatorPortPolicy(int port) : MatcherPolicy, IEndpointSelectorPolicy
    {
        public override int Order => 0;

        public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(IsForOperators);

        public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
        {
            if (httpContext.Connection.LocalPort == port)
                return Task.CompletedTask;
            for (var i = 0; i < candidates.Count; i++)
            {
                if (IsForOperators(candidates[i].Endpoint))
                    candidates.SetValidity(i, value: false);
            }

            return Task.CompletedTask;
        }

        private static bool IsForOperators(Endpoint endpoint) => endpoint.Metadata.GetMetadata<OperatorOnly>() is not null;
    }
}
