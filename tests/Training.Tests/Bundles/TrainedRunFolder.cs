using System.Runtime.InteropServices;
using Saccade.Inference.Bundles;
using Saccade.Inference.Decoding;
using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Recipes;
using Saccade.Training.Tests.Networks;

namespace Saccade.Training.Tests.Bundles;

/// <summary>A folder with a finished run of a small network, its weights from <see cref="FormulaWeights"/>; deleted on disposal.</summary>
internal sealed class TrainedRunFolder : IDisposable
{
    private static readonly string[] Labels = ["zero", "one", "two", "three"];

    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("saccade-run-");

    internal TrainedRunFolder(string architecture = "googlenet-bn")
    {
        Run = new RunDirectory(In("run"));
        Run.WriteRecord(
            new RunRecord
            {
                Network = new RunNetwork
                {
                    Architecture = architecture,
                    Classes = 4,
                    Width = 0.25,
                    InputSize = 24,
                    Aux = true,
                },
                Labels = Labels,
                Preprocessing = new ManifestPreprocessing(
                    24,
                    28,
                    Interpolation.Bilinear,
                    ChannelOrder.Rgb,
                    1,
                    [0.5f, 0.4f, 0.3f],
                    [0.25f, 0.25f, 0.2f]
                ),
                Data = new RunData(In("gone"), "none", 1, 1),
                Recipe = NamedRecipes.All[NamedRecipes.SmallData],
                Seed = 5,
                Threads = 1,
                CommandLine = $"train --data {In("gone")} --out run",
                Versions = new Dictionary<string, string> { ["saccade"] = "test" },
            }
        );
        WriteWeights(FormulaWeights.For(RunNetworks.Build(Run.ReadRecord().Network)));
    }

    internal RunDirectory Run { get; }

    internal DataSet Data { get; } = new(Labels, "drawn by a formula", new FormulaImages(8), new FormulaImages(40));

    internal string In(string name) => Path.Combine(_scratch.FullName, name);

    internal void WriteWeights(Dictionary<string, float[]> weights)
    {
        var specs = RunNetworks.Build(Run.ReadRecord().Network).Weights.Where(weight => weights.ContainsKey(weight.Name));
        AtomicFile.Write(
            Run.WeightsFile,
            stream =>
                SafetensorsWriter.Write(
                    stream,
                    [
                        .. specs.Select(weight => new SafetensorsTensor(
                            weight.Name,
                            SafetensorsType.F32,
                            weight.Shape,
                            MemoryMarshal.AsBytes<float>(weights[weight.Name]).ToArray()
                        )),
                    ]
                )
        );
    }

    public void Dispose() => _scratch.Delete(recursive: true);

    private sealed class FormulaImages(int count) : IImageSource
    {
        public int Count => count;

        public int LabelOf(int index) => index % Labels.Length;

        public DecodedImage Load(int index)
        {
            var pixels = new byte[3 * 30 * 26];
            for (var i = 0; i < pixels.Length; i++)
                pixels[i] = (byte)((i * (index + 3) * 37 / 11) + (index * 50));
            return new DecodedImage(pixels, 30, 26);
        }
    }
}
