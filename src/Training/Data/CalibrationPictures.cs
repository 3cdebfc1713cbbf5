namespace Saccade.Training.Data;

/// <summary>
/// Pictures that show a network what it will see, without labels: the training part of a data set, so that what accuracy is measured on
/// stays unseen, or every picture under a folder that is none.
/// </summary>
/// <param name="Pictures">To measure scales with.</param>
/// <param name="Others">To compare graphs on: what was held out; the same pictures where nothing was.</param>
public sealed record CalibrationPictures(IImageSource Pictures, IImageSource Others)
{
    /// <summary>Opens a folder.</summary>
    /// <exception cref="InvalidDataException">There is none, it holds no picture, or its files are damaged.</exception>
    public static CalibrationPictures Open(string path)
    {
        if (!Directory.Exists(path))
            throw new InvalidDataException($"There is no folder '{path}' of pictures to calibrate with.");
        if (IdxFolder.Matches(path) || ImageFolder.Matches(path))
        {
            var data = DataSet.Open(path);
            return new CalibrationPictures(data.Train, data.HeldOut);
        }

        var files = ImageFolder.Pictures(path);
        if (files.Count == 0)
            throw new InvalidDataException($"'{path}' holds no pictures to calibrate with.");

        // In an order of chance, so that the first few are not all of one kind.
        var order = SplitMix64.At(0).Permutation(files.Count);
        var pictures = new ImageFiles([.. order.Select(index => (files[index], 0))]);
        return new CalibrationPictures(pictures, pictures);
    }
}
