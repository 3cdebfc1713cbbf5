using System.Text.Json;
using Saccade.Bench.Processes;

namespace Saccade.EndToEnd.Tests.Monitoring;

/// <summary>The shipped Grafana dashboard.</summary>
public static class Dashboard
{
    private static readonly JsonElement Root = JsonSerializer.Deserialize<JsonElement>(
        File.ReadAllText(Checkout.PathOf("deploy", "grafana", "dashboards", "saccade.json"))
    );

    /// <summary>Every panel that shows data.</summary>
    public static IReadOnlyList<JsonElement> Panels { get; } =
    [.. Root.GetProperty("panels").EnumerateArray().Where(panel => panel.GetProperty("type").GetString() != "row")];

    /// <summary>Every panel's title with each of its queries, variables filled in as Grafana would.</summary>
    public static IReadOnlyList<(string Panel, string Expression)> Queries { get; } =
    [
        .. from panel in Panels
        from target in panel.GetProperty("targets").EnumerateArray()
        select (panel.GetProperty("title").GetString()!, Fill(target.GetProperty("expr").GetString()!)),
    ];

    /// <summary>The data source that panels and queries name.</summary>
    public static IEnumerable<string> DataSources =>
        Panels.Select(panel => panel.GetProperty("datasource").GetProperty("uid").GetString()!);

    private static string Fill(string expression) =>
        expression.Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$instance", ".*", StringComparison.Ordinal);
}
