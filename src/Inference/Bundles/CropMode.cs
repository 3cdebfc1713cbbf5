using System.Globalization;

namespace Saccade.Inference.Bundles;

/// <summary>How many crops a client asks for: a plan of so many, or as many as it takes for a confident answer.</summary>
/// <remarks>
/// 1 and 10 are torchvision's centre crop and TenCrop, 12 and 144 those of the papers (GoogLeNet §7); a manifest or the configuration may
/// add plans of other numbers (docs/model-bundle.md). The default value is one crop.
/// </remarks>
public readonly record struct CropMode
{
    /// <summary>Most crops that a plan may have.</summary>
    public const int MaxCrops = 1000;

    private const string AutoName = "auto";
    private const int AutoCode = -1;

    // 0 is one crop, so that a request that says nothing gets one.
    private readonly int _code;

    private CropMode(int code) => _code = code;

    /// <summary>One crop: the centre.</summary>
    public static CropMode Single => default;

    /// <summary>Ten crops: four corners and the centre, of the image and of its mirror image.</summary>
    public static CropMode Crops10 => Of(10);

    /// <summary>Twelve crops of the centre square: four corners, its centre, the whole of it, and the mirror images.</summary>
    public static CropMode Crops12 => Of(12);

    /// <summary>The same twelve of three squares at four sizes.</summary>
    public static CropMode Crops144 => Of(144);

    /// <summary>One crop, and more while confidence is low and time is left.</summary>
    public static CropMode Auto => new(AutoCode);

    /// <summary>Whether the number of crops depends on the answer.</summary>
    public bool IsAuto => _code == AutoCode;

    /// <summary>Crops of the plan.</summary>
    /// <exception cref="InvalidOperationException">There is no plan: see <see cref="IsAuto"/>.</exception>
    public int Crops => IsAuto ? throw new InvalidOperationException("How many crops auto takes is known afterwards.") : Math.Max(1, _code);

    /// <summary>The plan of so many crops.</summary>
    /// <param name="crops">1 to <see cref="MaxCrops"/>.</param>
    public static CropMode Of(int crops)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(crops, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(crops, MaxCrops);
        return new(crops == 1 ? 0 : crops);
    }

    /// <summary>Reads what <see cref="ToString"/> writes, and nothing else: no sign, no space, no leading zero.</summary>
    public static bool TryParse(string? text, out CropMode mode)
    {
        mode = default;
        if (text == AutoName)
            mode = Auto;
        else if (
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var crops)
            && crops is >= 1 and <= MaxCrops
            && text[0] != '0'
        )
            mode = Of(crops);
        else
            return false;
        return true;
    }

    /// <summary>The value of the parameter <c>crops</c>: a number or <c>auto</c>.</summary>
    public override string ToString() => IsAuto ? AutoName : Crops.ToString(CultureInfo.InvariantCulture);
}
