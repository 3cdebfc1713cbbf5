namespace Saccade.Inference.Decoding;

/// <summary>As much of a VP8 key frame's header (RFC 6386, section 9) as leads to the number of its token partitions.</summary>
internal static class Vp8Header
{
    /// <summary>Frame tag, start code and size, before the first partition.</summary>
    public const int Length = 10;

    /// <summary>Bytes in which the frame tag says how long the first partition is.</summary>
    public static int FirstPartition(ReadOnlySpan<byte> frame) => (frame[0] | (frame[1] << 8) | (frame[2] << 16)) >> 5;

    /// <summary>Reads over what stands before it, and then the number of token partitions.</summary>
    /// <param name="partition">The first partition.</param>
    /// <returns>1, 2, 4 or 8.</returns>
    public static int TokenPartitions(ReadOnlySpan<byte> partition)
    {
        var bits = new BoolDecoder(partition);
        bits.Skip(2); // Colour space, clamping.
        if (bits.Flag())
        {
            // Segments: their map, their quantizers and filter levels.
            bool map = bits.Flag();
            if (bits.Flag())
            {
                bits.Skip(1);
                bits.SkipOptional(count: 4, bits: 8);
                bits.SkipOptional(count: 4, bits: 7);
            }

            if (map)
            {
                bits.SkipOptional(count: 3, bits: 8);
            }
        }

        bits.Skip(10); // The loop filter's type, level and sharpness.
        if (bits.Flag() && bits.Flag())
        {
            bits.SkipOptional(count: 8, bits: 7);
        }

        return 1 << ((bits.Bit() << 1) | bits.Bit());
    }

    /// <summary>The arithmetic decoder of section 7.3, for bits of even odds; zeros follow the data.</summary>
    private ref struct BoolDecoder(ReadOnlySpan<byte> data)
    {
        private readonly ReadOnlySpan<byte> _data = data;
        private int _position = 2;
        private int _shifted;
        private uint _range = 255;
        private uint _value = data.Length < 2 ? 0 : ((uint)data[0] << 8) | data[1];

        public int Bit()
        {
            uint split = 1 + ((_range - 1) >> 1);
            int bit = _value >= split << 8 ? 1 : 0;
            _value -= bit == 0 ? 0 : split << 8;
            _range = bit == 0 ? split : _range - split;
            for (; _range < 128; _range <<= 1)
            {
                _value <<= 1;
                if (++_shifted == 8)
                {
                    _shifted = 0;
                    _value |= _position < _data.Length ? _data[_position++] : 0u;
                }
            }

            return bit;
        }

        public bool Flag() => Bit() == 1;

        public void Skip(int bits)
        {
            for (int i = 0; i < bits; i++)
            {
                _ = Bit();
            }
        }

        /// <summary>Numbers of which each is preceded by a flag that it is there.</summary>
        public void SkipOptional(int count, int bits)
        {
            for (int i = 0; i < count; i++)
            {
                if (Flag())
                {
                    Skip(bits);
                }
            }
        }
    }
}
