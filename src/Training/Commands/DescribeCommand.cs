using System.CommandLine;
using Saccade.Training.Commands.Describe;
using Saccade.Training.Commands.Options;
using Saccade.Training.Networks;
using Spectre.Console;

namespace Saccade.Training.Commands;

/// <summary><c>describe</c>: what a network is made of and what it costs, as a table, as JSON or as a diagram.</summary>
internal static class DescribeCommand
{
    internal static Command Create()
    {
        var arch = new Option<string>("--arch") { Description = $"Network: {string.Join(", ", Architectures.Names)}.", Required = true };
        var classes = new Option<int>("--classes") { Description = "Number of classes.", DefaultValueFactory = _ => 1000 };
        var width = new Option<double>("--width") { Description = "Multiplies every channel count.", DefaultValueFactory = _ => 1 };
        var input = new Option<int?>("--input")
        {
            Description = "Rows and columns of the input in pixels; the published size if left out.",
        };
        var stem = EnumNames<Stem>.Option("--stem", "How far the image is shrunk before the first blocks; by the input's size if left out");
        NetworkFlags flags = new();
        var aux = new Option<bool>("--aux") { Description = "List the auxiliary classifiers too." };
        var layers = new Option<bool>("--layers") { Description = "A line for every layer rather than every stage." };
        var json = new Option<bool>("--json") { Description = "Print JSON, every layer of it." };
        var svg = new Option<FileInfo?>("--svg") { Description = "Draw the network into this file." };

        var command = new Command("describe", "Print what a network is made of and what it costs.")
        {
            arch,
            classes,
            width,
            input,
            stem,
            aux,
            layers,
            json,
            svg,
        };
        foreach (var flag in flags.Options)
            command.Add(flag);
        command.SetAction(arguments =>
        {
            var options = flags.Apply(
                arguments,
                new NetworkOptions
                {
                    Classes = arguments.GetValue(classes),
                    Width = arguments.GetValue(width),
                    Input = arguments.GetValue(input),
                    Stem = arguments.GetValue(stem),
                }
            );
            var network = Architectures.Create(arguments.GetRequiredValue(arch), options);

            if (arguments.GetValue(svg) is { } file)
                File.WriteAllText(file.FullName, NetworkDiagram.Draw(network, arguments.GetValue(aux)));
            if (arguments.GetValue(json))
                Console.Out.WriteLine(NetworkDescription.Of(network, arguments.GetValue(aux)).ToJson());
            else
                AnsiConsole.Write(NetworkTable.Of(network, arguments.GetValue(aux), arguments.GetValue(layers)));
        });
        return command;
    }
}
