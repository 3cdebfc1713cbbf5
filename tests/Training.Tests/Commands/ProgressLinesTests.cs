using Saccade.TestSupport;
using Saccade.Training.Commands.Predict;
using Xunit;

namespace Saccade.Training.Tests.Commands;

public sealed class ProgressLinesTests
{
    [Fact]
    public void Tell_ManyRows_SaysALineEveryTenSeconds()
    {
        var time = new FakeTimeProvider();
        var lines = new List<string>();
        var progress = new ProgressLines(time, lines.Add);

        for (var done = 1; done <= 40; done++)
        {
            time.Advance(TimeSpan.FromSeconds(0.5));
            progress.Tell(new(1000 + done, 1200, done, Failed: done / 20));
        }

        Assert.Equal(
            ["1,020 of 1,200 images, 1 failed, 2 images/s, 00:01:30 left", "1,040 of 1,200 images, 2 failed, 2 images/s, 00:01:20 left"],
            lines
        );
    }
}
