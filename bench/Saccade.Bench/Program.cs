using System.CommandLine;
using Saccade.Bench.Allocations;
using Saccade.Bench.Cache;
using Saccade.Bench.Capacity;
using Saccade.Bench.Cluster;
using Saccade.Bench.Crops;
using Saccade.Bench.Device;
using Saccade.Bench.Kernels;
using Saccade.Bench.Prediction;
using Saccade.Bench.Raw;
using Saccade.Bench.Serving;
using Saccade.Bench.Soak;
using Saccade.Bench.Swaps;
using Saccade.Bench.Training;

var root = new RootCommand("Measures the ceiling of the machine and what the service reaches of it.")
{
    ServingCommand.Create(),
    CapacityCommand.Create(),
    ClusterCommand.Create(),
    CacheCommand.Create(),
    RawCommand.Create(),
    CropsCommand.Create(),
    KernelsCommand.Create(),
    SwapsCommand.Create(),
    SoakCommand.Create(),
    TrainingCommand.Create(),
    AllocationsCommand.Create(),
    DeviceCommand.Create(),
    PredictionCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
