namespace Saccade.Api.OpenInference;

/// <summary>The paths of the protocol.</summary>
internal static class OipRoutes
{
    public const string Server = "/v2";
    public const string Live = "/v2/health/live";
    public const string Ready = "/v2/health/ready";
    public const string Model = "/v2/models/{name}";
    public const string Version = "/v2/models/{name}/versions/{version}";
    public const string AllStatistics = "/v2/models/stats";
    public const string Index = "/v2/repository/index";
    public const string Load = "/v2/repository/models/{name}/load";
    public const string Unload = "/v2/repository/models/{name}/unload";
}
