namespace Saccade.Inference.Decoding;

/// <summary>
/// What the scans of a JPEG frame bring together. A decoder takes a component that no scan brings for grey, and a bit that none
/// brings for zero, without a word.
/// </summary>
/// <param name="frame">The frame header of 1 to 4 components.</param>
/// <param name="progressive">Whether scans bring parts of coefficients (T.81, annex G).</param>
internal sealed class JpegScans(ReadOnlySpan<byte> frame, bool progressive)
{
    private const int Coefficients = 64;

    private readonly byte[] _components = Components(frame);

    /// <summary>The lowest bit known of each coefficient of each component, plus one; 0 while nothing is known.</summary>
    private readonly byte[] _known = new byte[frame[5] * Coefficients];

    /// <summary>Scans so far.</summary>
    public int Count { get; private set; }

    /// <summary>Whether every component's mean is known: without it there is no image.</summary>
    public bool AreComplete
    {
        get
        {
            for (int component = 0; component < _components.Length; component++)
            {
                if (_known[component * Coefficients] == 0)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Takes in a scan header.</summary>
    /// <returns>Whether it continues what came before. The order of the bands is free, that of a coefficient's bits is not.</returns>
    public bool TryAdd(ReadOnlySpan<byte> scan)
    {
        Count++;
        int components = scan.IsEmpty ? 0 : scan[0];
        if (components is < 1 or > 4 || scan.Length != 4 + (2 * components))
        {
            return false;
        }

        // A sequential scan brings all of its components, whatever the progressive fields of its header say.
        (int first, int last, int high, int low) = progressive
            ? (scan[^3], scan[^2], scan[^1] >> 4, scan[^1] & 15)
            : (0, Coefficients - 1, 0, 0);
        if (first > last || last >= Coefficients)
        {
            return false;
        }

        // Two components of one name are told apart by their order.
        Span<bool> taken = stackalloc bool[4];
        for (int i = 0; i < components; i++)
        {
            int component = 0;
            while (component < _components.Length && (taken[component] || _components[component] != scan[1 + (2 * i)]))
            {
                component++;
            }

            if (component == _components.Length)
            {
                return false;
            }

            taken[component] = true;
            foreach (ref byte known in _known.AsSpan((component * Coefficients) + first, last - first + 1))
            {
                if (high != Math.Max(known - 1, 0))
                {
                    return false;
                }

                known = (byte)(low + 1);
            }
        }

        return true;
    }

    private static byte[] Components(ReadOnlySpan<byte> frame)
    {
        var components = new byte[frame[5]];
        for (int i = 0; i < components.Length; i++)
        {
            components[i] = frame[6 + (3 * i)];
        }

        return components;
    }
}
