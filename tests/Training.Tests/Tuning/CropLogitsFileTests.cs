using Saccade.Training.Tuning;
using Xunit;

namespace Saccade.Training.Tests.Tuning;

public sealed class CropLogitsFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "some", "model.crops");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_Added_IsTheSameInAnyOrder()
    {
        using var file = CropLogitsFile.Open(File, "one");
        file.Add(new(7, 30, 20, [1, 2, 3]));
        file.Add(new(2, 5, 6, [-1, float.MaxValue]));

        Assert.Equivalent(new ImageLogits(7, 30, 20, [1, 2, 3]), file.Read(7));
        Assert.Equivalent(new ImageLogits(2, 5, 6, [-1, float.MaxValue]), file.Read(2));
        Assert.Equal((2, true, false), (file.Count, file.Holds(2), file.Holds(3)));
    }

    [Fact]
    public void Open_SameIdentity_GoesOnWhereItWas()
    {
        using (var file = CropLogitsFile.Open(File, "one"))
            file.Add(new(7, 30, 20, [1, 2, 3]));

        using var again = CropLogitsFile.Open(File, "one");
        again.Add(new(8, 1, 1, [4]));

        Assert.Equal([1, 2, 3], again.Read(7).Logits);
        Assert.Equal([4], again.Read(8).Logits);
    }

    [Theory]
    [InlineData("two")]
    [InlineData("on")]
    [InlineData("one and more")]
    public void Open_OtherIdentity_BeginsAnew(string other)
    {
        using (var file = CropLogitsFile.Open(File, "one"))
            file.Add(new(7, 30, 20, [1, 2, 3]));

        using var again = CropLogitsFile.Open(File, other);

        Assert.Equal(0, again.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(11)]
    [InlineData(15)]
    public void Open_RecordThatWasNotFinished_IsCutOffAndTheOthersKept(int missing)
    {
        using (var file = CropLogitsFile.Open(File, "one"))
        {
            file.Add(new(7, 30, 20, [1, 2, 3]));
            file.Add(new(8, 30, 20, [4, 5, 6]));
        }

        using (var cut = new FileStream(File, FileMode.Open))
            cut.SetLength(cut.Length - missing);
        using var again = CropLogitsFile.Open(File, "one");
        again.Add(new(9, 1, 1, [9]));

        Assert.Equal((2, false), (again.Count, again.Holds(8)));
        Assert.Equal([1, 2, 3], again.Read(7).Logits);
        Assert.Equal([9], again.Read(9).Logits);
    }
}
