using System.CommandLine;
using Saccade.Training.Commands;
using Saccade.Training.Commands.Options;
using Saccade.Training.Tests.Bundles;
using Xunit;

namespace Saccade.Training.Tests.Commands;

public sealed class ExportCommandTests
{
    [Theory]
    [InlineData("--precision fp8", "--precision fp8 is not supported; use fp32 or fp16 or int8.")]
    [InlineData("--precision int8", "--precision int8 needs images to measure activation ranges on: --calibrate PATH.")]
    [InlineData("--calibrate here", "--calibrate is for --precision int8 only.")]
    [InlineData("--input-type int8", "--input-type int8 is not supported; use float or uint8.")]
    [InlineData("--crops 1 7", "--crops 7 is not supported; use 1, 10, 12 or 144.")]
    public async Task Export_Unsupported_RefusedBeforeAnythingIsRead(string arguments, string message)
    {
        var error = await Assert.ThrowsAsync<CommandException>(() =>
            InvokeAsync(["--run", "none", "--out", "none", .. arguments.Split(' ')])
        );

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public async Task Export_DataGone_ExportsWithoutAccuracy()
    {
        using var folder = new TrainedRunFolder();

        Assert.Equal(0, await InvokeAsync(["--run", folder.Run.Path, "--out", folder.In("bundle")]));
        Assert.Equal(0, await VerifyCommand.Create().Parse(["--bundle", folder.In("bundle")]).InvokeAsync(Throwing));
    }

    [Fact]
    public async Task Export_DataNamedButGone_Refused()
    {
        using var folder = new TrainedRunFolder();

        await Assert.ThrowsAsync<InvalidDataException>(() =>
            InvokeAsync(["--run", folder.Run.Path, "--out", folder.In("bundle"), "--data", folder.In("gone")])
        );

        Assert.False(Directory.Exists(folder.In("bundle")));
    }

    private static InvocationConfiguration Throwing => new() { EnableDefaultExceptionHandler = false, Output = TextWriter.Null };

    private static Task<int> InvokeAsync(string[] arguments) => ExportCommand.Create().Parse(arguments).InvokeAsync(Throwing);
}
