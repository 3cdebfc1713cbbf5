using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Recipes;

namespace Saccade.Training.Loop;

/// <summary>The batches of every epoch of a run: which images, in which order, cropped how. All of it follows from the record and the
/// epoch.</summary>
internal sealed class EpochBatches
{
    private const long OrderPurpose = 0x6f72_6465;

    private readonly RunRecord _record;
    private readonly IImageSource _train;
    private readonly TrainingCrops _crops;
    private readonly BalancedDraw? _balanced;
    private readonly TimeProvider _clock;

    /// <summary>Plans a run's batches.</summary>
    /// <param name="record">The run.</param>
    /// <param name="train">Its images.</param>
    /// <param name="batchSize">Images of a step, of all replicas together.</param>
    /// <param name="clock">Measures the loader's waiting.</param>
    public EpochBatches(RunRecord record, IImageSource train, int batchSize, TimeProvider clock)
    {
        (_record, _train, _clock) = (record, train, clock);
        Plan = new BatchPlan(train.Count, batchSize);
        _crops = new TrainingCrops(record.Preprocessing, record.Network.InputSize, record.Recipe.Augmentation, record.Seed);
        _balanced = record.Recipe.Sampling == SamplingKind.Balanced ? new BalancedDraw(train) : null;
    }

    /// <summary>How an epoch is cut.</summary>
    public BatchPlan Plan { get; }

    /// <summary>What a frozen backbone made of the images; null where batches hold pixels.</summary>
    public FeatureCache? Features { get; set; }

    /// <summary>The crops of an epoch.</summary>
    public SampleWriter CropsOf(int epoch) => _crops.ForEpoch(epoch);

    /// <summary>An epoch's batches from one on.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="first">The first batch.</param>
    /// <param name="ahead">Batches in preparation or ready.</param>
    /// <param name="loaders">Batches in preparation at once.</param>
    public IEnumerable<Batch> Read(int epoch, int first, int ahead, int loaders)
    {
        var random = SplitMix64.At(_record.Seed, OrderPurpose, epoch);
        var order = _balanced?.Draw(random) ?? random.Permutation(_train.Count);
        if (Features is not null)
            return Features.Read(epoch, order, Plan, first);

        var source = _train;
        if (_balanced is not null)
        {
            // By place rather than image, so that one that comes twice is cropped in two ways.
            source = new Subset(_train, order);
            order = [.. Enumerable.Range(0, order.Length)];
        }

        var pixels = 3 * _record.Network.InputSize * _record.Network.InputSize;
        return new BatchLoader(source, pixels, ahead, _clock, loaders).Read(order, Plan, CropsOf(epoch), first);
    }
}
