using System.Globalization;

namespace Saccade.Inference.Tests.Simulation;

/// <summary>What became of a workload.</summary>
internal sealed class Tally
{
    private readonly List<double> _singles = [];

    /// <summary>Requests that came.</summary>
    public int Offered { get; set; }

    /// <summary>Answered before their deadline.</summary>
    public int InTime { get; private set; }

    /// <summary>Answered too late, for nobody.</summary>
    public int Late { get; private set; }

    /// <summary>Taken in and then given up because the deadline passed.</summary>
    public int Expired { get; set; }

    /// <summary>Refused at the door.</summary>
    public int Refused { get; set; }

    /// <summary>Crops computed for requests that were not answered in time.</summary>
    public int WastedCrops { get; set; }

    /// <summary>Crops computed.</summary>
    public int Crops { get; set; }

    /// <summary>Slowest of ninety-nine in a hundred answers to requests of one crop, in seconds.</summary>
    public double SingleP99 => _singles.Count == 0 ? 0 : _singles.Order().ElementAt((int)(0.99 * (_singles.Count - 1)));

    /// <summary>A request was answered.</summary>
    public void Answered(Arrival arrival, double at)
    {
        if (at - arrival.At <= arrival.Allowed)
            InTime++;
        else
            Late++;
        if (at - arrival.At > arrival.Allowed)
            WastedCrops += arrival.Crops;
        if (arrival.Crops == 1)
            _singles.Add(at - arrival.At);
    }

    /// <summary>One line of a table in Markdown.</summary>
    public string Row(string name) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {Offered} | {InTime} | {Late} | {Expired} | {Refused} | {100.0 * InTime / Offered:F1} % | "
                + $"{100.0 * WastedCrops / Math.Max(1, Crops):F1} % | {1000 * SingleP99:F0} |"
        );
}
