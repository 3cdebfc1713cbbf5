using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Saccade.Api.Tests.OpenInference;

/// <summary>Rows for the fixture <c>colors</c>, [N, 3, 8, 8] of FP32, which answers 20 × the mean of each channel.</summary>
internal static class Tensor
{
    public const int RowElements = 3 * 8 * 8;

    public static float[] Red { get; } = Row(1, 0, 0);

    public static float[] Blue { get; } = Row(0, 0.25f, 0.5f);

    /// <summary>What the network says of <see cref="Red"/> and <see cref="Blue"/>.</summary>
    public static float[] RedLogits { get; } = [20, 0, 0];

    public static float[] BlueLogits { get; } = [0, 5, 10];

    public static float[] Row(float red, float green, float blue) =>
        [.. Enumerable.Repeat(red, 64), .. Enumerable.Repeat(green, 64), .. Enumerable.Repeat(blue, 64)];

    public static byte[] Bytes(params float[][] rows) => MemoryMarshal.AsBytes<float>(rows.SelectMany(row => row).ToArray()).ToArray();

    /// <summary>A request in JSON, its data flat.</summary>
    public static string Json(params float[][] rows) => Json($"[{Numbers(rows.SelectMany(row => row))}]", rows.Length);

    /// <summary>The same with data as it is given, and with more members.</summary>
    public static string Json(string data, int rows, string more = "") =>
        $$"""{"inputs":[{"name":"input","shape":[{{rows}},3,8,8],"datatype":"FP32","data":{{data}}}]{{more}}}""";

    /// <summary>Data nested as the shape is.</summary>
    public static string Nested(params float[][] rows) =>
        List(rows.Select(row => List(row.Chunk(64).Select(plane => List(plane.Chunk(8).Select(line => $"[{Numbers(line)}]"))))));

    /// <summary>JSON followed by bytes, with the length of the JSON in the header; the length given wins.</summary>
    public static ByteArrayContent Binary(string json, byte[] bytes, string? length = null)
    {
        var head = Encoding.UTF8.GetBytes(json);
        var content = new ByteArrayContent([.. head, .. bytes]);
        content.Headers.Add("Inference-Header-Content-Length", length ?? head.Length.ToString(CultureInfo.InvariantCulture));
        content.Headers.ContentType = new("application/octet-stream");
        return content;
    }

    /// <summary>The JSON that goes before the bytes.</summary>
    public static string Head(int rows, long bytes, string more = "") =>
        $$$"""
            {"inputs":[{"name":"input","shape":[{{{rows}}},3,8,8],"datatype":"FP32",
                        "parameters":{"binary_data_size":{{{bytes}}}}}]{{{more}}}}
            """;

    private static string List(IEnumerable<string> items) => $"[{string.Join(",", items)}]";

    private static string Numbers(IEnumerable<float> numbers) =>
        string.Join(",", numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));
}
