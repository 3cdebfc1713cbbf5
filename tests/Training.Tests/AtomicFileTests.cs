using Xunit;

namespace Saccade.Training.Tests;

public sealed class AtomicFileTests
{
    [Fact]
    public void Write_FailsHalfWay_LeavesTheOldFile()
    {
        using TempFolder folder = new();
        AtomicFile.WriteText(folder["a"], "old");

        Assert.Throws<InvalidOperationException>(() =>
            AtomicFile.Write(
                folder["a"],
                stream =>
                {
                    stream.WriteByte(1);
                    throw new InvalidOperationException();
                }
            )
        );

        Assert.Equal("old", File.ReadAllText(folder["a"]));
    }

    [Fact]
    public void Write_OverAnOldFile_ReplacesAllOfItAndLeavesNothingBeside()
    {
        using TempFolder folder = new();
        AtomicFile.WriteText(folder["a"], "a long old text");
        AtomicFile.WriteText(folder["a"], "new");

        Assert.Equal("new", File.ReadAllText(folder["a"]));
        Assert.Equal([folder["a"]], Directory.GetFiles(folder.Path));
    }
}
