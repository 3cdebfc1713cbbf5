using System.Globalization;
using System.Text;
using Saccade.Inference.Decoding;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;
using static Saccade.Training.Svg;

namespace Saccade.Training.Data;

/// <summary>Many small images in rows: as SVG with a caption below each, for a browser's fonts, or as PNG without captions.</summary>
internal static class ContactSheet
{
    private const int Side = 128;
    private const int Gap = 8;
    private const int LineHeight = 13;
    private const int LongestLine = 21; // of an eleven-pixel font in Side pixels

    /// <summary>Draws a sheet into a file, whose extension says the format.</summary>
    /// <param name="file">Ends in <c>.svg</c> or <c>.png</c>.</param>
    /// <param name="tiles">Row by row.</param>
    /// <param name="columns">Images in a row, at least 1.</param>
    /// <exception cref="InvalidDataException">It ends otherwise, or an image cannot be read.</exception>
    public static void Write(string file, IReadOnlyList<ContactSheetTile> tiles, int columns)
    {
        RequireFormat(file);
        if (!IsPicture(file))
        {
            AtomicFile.WriteText(file, ToSvg(tiles, columns));
            return;
        }

        using var grid = Draw(tiles, columns, captionLines: 0);
        AtomicFile.Write(file, grid.SaveAsPng);
    }

    /// <summary>Refuses a file name early, before anything is computed.</summary>
    /// <exception cref="InvalidDataException">It ends neither in <c>.svg</c> nor in <c>.png</c>.</exception>
    public static void RequireFormat(string file)
    {
        if (!IsPicture(file) && !file.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
            throw new InvalidDataException($"'{file}': a contact sheet is a .svg, with captions, or a .png, without.");
    }

    /// <summary>Up to so many images of each class, a row for each, evenly spread over the class.</summary>
    public static List<ContactSheetTile> OfClasses(IReadOnlyList<string> labels, IImageSource images, int columns)
    {
        var byClass = Enumerable.Range(0, images.Count).ToLookup(images.LabelOf);
        List<ContactSheetTile> tiles = [];
        for (var label = 0; label < labels.Count; label++)
        {
            int[] all = [.. byClass[label]];
            for (var column = 0; column < columns; column++)
            {
                if (column >= all.Length)
                {
                    tiles.Add(ContactSheetTile.Empty);
                    continue;
                }

                var index = all[(int)((long)column * all.Length / Math.Min(columns, all.Length))];
                tiles.Add(new(() => images.Load(index), [labels[label], Path.GetFileName(images.FileOf(index) ?? "")]));
            }
        }

        return tiles;
    }

    private static bool IsPicture(string file) => file.EndsWith(".png", StringComparison.OrdinalIgnoreCase);

    private static string ToSvg(IReadOnlyList<ContactSheetTile> tiles, int columns)
    {
        var lines = tiles.Select(tile => tile.Caption.Count).DefaultIfEmpty(0).Max();
        using var grid = Draw(tiles, columns, lines);
        using var jpeg = new MemoryStream();
        grid.SaveAsJpeg(jpeg);
        var svg = new StringBuilder();
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {grid.Width} {grid.Height}\"");
        Add(svg, $"font-family=\"sans-serif\" font-size=\"11\">");
        var data = Convert.ToBase64String(jpeg.GetBuffer().AsSpan(0, (int)jpeg.Length));
        Add(svg, $"<image width=\"{grid.Width}\" height=\"{grid.Height}\" href=\"data:image/jpeg;base64,{data}\"/>");
        for (var index = 0; index < tiles.Count; index++)
        {
            var (left, top) = Corner(index, columns, lines);
            foreach (var (line, text) in tiles[index].Caption.Index())
            {
                Add(svg, $"<text x=\"{left + (Side / 2)}\" y=\"{top + Side + ((line + 1) * LineHeight)}\" text-anchor=\"middle\">");
                Add(svg, $"{Escape(Cut(text))}</text>");
            }
        }

        return Add(svg, $"</svg>").ToString();
    }

    private static Image<Rgb24> Draw(IReadOnlyList<ContactSheetTile> tiles, int columns, int captionLines)
    {
        var rows = Math.Max(1, (tiles.Count + columns - 1) / columns);
        var (width, height) = Corner((rows * columns) - 1, columns, captionLines);
        var grid = new Image<Rgb24>(
            width + Side + Gap,
            height + Side + (captionLines * LineHeight) + Gap,
            new Rgb24(byte.MaxValue, byte.MaxValue, byte.MaxValue)
        );
        for (var index = 0; index < tiles.Count; index++)
        {
            if (tiles[index].Load is not { } load)
                continue;
            using var image = load();
            using var small = Image.LoadPixelData<Rgb24>(image.Pixels, image.Width, image.Height);
            small.Mutate(context => context.Resize(new ResizeOptions { Size = new Size(Side, Side), Mode = ResizeMode.Max }));
            var (left, top) = Corner(index, columns, captionLines);
            var middle = new Point(left + ((Side - small.Width) / 2), top + ((Side - small.Height) / 2));
            grid.Mutate(context => context.DrawImage(small, middle, opacity: 1));
        }

        return grid;
    }

    private static (int Left, int Top) Corner(int index, int columns, int captionLines) =>
        (Gap + (index % columns * (Side + Gap)), Gap + (index / columns * (Side + (captionLines * LineHeight) + Gap)));

    private static string Cut(string text)
    {
        var letters = new StringInfo(text);
        return letters.LengthInTextElements <= LongestLine ? text : letters.SubstringByTextElements(0, LongestLine - 1) + "…";
    }
}

/// <summary>One image of a sheet.</summary>
/// <param name="Load">Decodes it; null leaves the place empty.</param>
/// <param name="Caption">Lines of text below it; long ones are cut.</param>
internal sealed record ContactSheetTile(Func<DecodedImage>? Load, IReadOnlyList<string> Caption)
{
    /// <summary>A place without an image.</summary>
    public static ContactSheetTile Empty { get; } = new(null, []);
}
