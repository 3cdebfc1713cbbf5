using TorchSharp;
using TorchSharp.Modules;

namespace Saccade.Training.Loop;

/// <summary>The figures of a run as TensorBoard events, one point an epoch.</summary>
internal sealed class TensorBoardEvents
{
    private readonly SummaryWriter _writer;

    /// <summary>Opens a file of events in a folder, beside those of earlier parts of the run.</summary>
    public TensorBoardEvents(string folder) => _writer = torch.utils.tensorboard.SummaryWriter(folder, createRunName: false);

    /// <summary>Adds an epoch.</summary>
    public void Add(EpochResult epoch)
    {
        void Scalar(string tag, double? value)
        {
            if (value is { } number)
                _writer.add_scalar(tag, (float)number, epoch.Epoch);
        }

        Scalar("loss/train", epoch.Loss);
        Scalar("loss/held-out", epoch.HeldOutLoss);
        Scalar("top-1/trained", epoch.Top1);
        Scalar("top-1/averaged", epoch.Top1Averaged);
        Scalar("learning-rate", epoch.LearningRate);
        Scalar("images-per-second", epoch.ImagesPerSecond);
    }
}
