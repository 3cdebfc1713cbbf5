using System.Globalization;
using System.Text;

namespace Saccade.Inference.Bundles;

/// <summary>Reads the text format of protocol buffers without a schema. Pure.</summary>
/// <remarks>
/// <code>
/// message = { field [","|";"] }
/// field   = name ( ":" ( scalar | list ) | [":"] ( "{" message "}" | "&lt;" message "&gt;" | list of messages ) )
/// list    = "[" [ value { "," value } ] "]"
/// scalar  = string { string } | ["-"] ( number | word )
/// </code>
/// </remarks>
internal sealed class TextFormat
{
    private const int Deepest = 100;
    private const char End = '\0';

    private readonly string _text;
    private int _at;
    private int _line = 1;

    private TextFormat(string text) => _text = text;

    private char Next => _at < _text.Length ? _text[_at] : End;

    private bool IsAtEnd => _at >= _text.Length;

    /// <summary>Reads a message.</summary>
    /// <exception cref="InvalidDataException">It is not in this format; the message has the line.</exception>
    public static TextMessage Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reader = new TextFormat(text);
        reader.Skip();
        var fields = reader.Fields(depth: 0);
        return reader.IsAtEnd ? new(fields) : throw reader.Error($"unexpected '{reader.Next}'");
    }

    private List<TextField> Fields(int depth)
    {
        var fields = new List<TextField>();
        while (!IsAtEnd && Next is not ('}' or '>'))
        {
            var line = _line;
            var name = Name();
            var hasColon = TryTake(':');
            foreach (var value in Values(hasColon, depth))
                fields.Add(new(name, value, line));
            _ = TryTake(',') || TryTake(';');
        }

        return fields;
    }

    private List<TextValue> Values(bool hasColon, int depth)
    {
        if (!TryTake('['))
            return [Value(hasColon, depth)];
        var values = new List<TextValue>();
        if (TryTake(']'))
            return values;
        do values.Add(Value(hasColon, depth));
        while (TryTake(','));
        Require(']');
        return values;
    }

    private TextValue Value(bool hasColon, int depth)
    {
        var close =
            TryTake('{') ? '}'
            : TryTake('<') ? '>'
            : End;
        if (close == End)
            return hasColon ? Scalar() : throw Error("a value needs a colon before it");
        if (depth >= Deepest)
            throw Error($"messages are nested more than {Deepest} deep");
        var fields = Fields(depth + 1);
        Require(close);
        return new TextMessage(fields);
    }

    private TextScalar Scalar()
    {
        if (Next is '"' or '\'')
        {
            // Bytes, not letters: an escape may be a part of a letter's UTF-8.
            var bytes = new List<byte>();
            while (Next is '"' or '\'')
                String(bytes);
            return new(Encoding.UTF8.GetString([.. bytes]), IsString: true);
        }

        var start = _at;
        var sign = "";
        if (Next == '-')
        {
            (sign, start) = ("-", ++_at);
            Skip();
            start = _at;
        }

        // The sign inside a number belongs to its exponent.
        while (IsWord(Next) || Next == '.' || (Next is '+' or '-' && _at > start && IsExponent(start)))
            _at++;
        if (_at == start)
            throw Error(IsAtEnd ? "a value is missing at the end" : $"unexpected '{Next}' where a value should be");
        var text = sign + _text[start.._at];
        Skip();
        return new(text, IsString: false);
    }

    private bool IsExponent(int start) =>
        _text[_at - 1] is 'e' or 'E'
        && (char.IsAsciiDigit(_text[start]) || _text[start] == '.')
        && !_text.AsSpan(start).StartsWith("0x", StringComparison.OrdinalIgnoreCase);

    private string Name()
    {
        var start = _at;
        if (Next == '[')
        {
            while (Next is not (']' or '\n' or End))
                _at++;
            if (Next != ']')
                throw Error("the name of an extension has no end");
            _at++;
        }
        else
        {
            while (IsWord(Next))
                _at++;
        }

        if (_at == start || char.IsAsciiDigit(_text[start]))
            throw Error($"unexpected '{Next}' where a field's name should be");
        var name = _text[start.._at];
        Skip();
        return name;
    }

    private void String(List<byte> bytes)
    {
        var quote = _text[_at++];
        while (Next != quote)
        {
            if (IsAtEnd || Next == '\n')
                throw Error("a string has no end");
            if (Next == '\\')
            {
                _at++;
                Escape(bytes);
            }
            else
            {
                var length = char.IsHighSurrogate(Next) && _at + 1 < _text.Length && char.IsLowSurrogate(_text[_at + 1]) ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(_text.Substring(_at, length)));
                _at += length;
            }
        }

        _at++;
        Skip();
    }

    private void Escape(List<byte> bytes)
    {
        var letter = Next;
        var simple = letter switch
        {
            'a' => 7,
            'b' => 8,
            't' => 9,
            'n' => 10,
            'v' => 11,
            'f' => 12,
            'r' => 13,
            '\\' or '\'' or '"' or '?' => letter,
            _ => -1,
        };
        if (simple >= 0)
        {
            bytes.Add((byte)simple);
            _at++;
            return;
        }

        if (letter is >= '0' and <= '7')
        {
            bytes.Add((byte)Digits(3, 8, "01234567"));
            return;
        }

        var most = letter switch
        {
            'x' or 'X' => 2,
            'u' => 4,
            'U' => 8,
            _ => throw Error(IsAtEnd ? "a string has no end" : $"there is no escape \\{letter}"),
        };
        _at++;
        var before = _at;
        var value = Digits(most, 16, "0123456789abcdefABCDEF");
        if (_at == before || (most > 2 && _at - before < most))
            throw Error($"the escape \\{letter} has too few digits");
        if (most == 2)
            bytes.Add((byte)value);
        else if (Rune.IsValid(value))
            bytes.AddRange(Encoding.UTF8.GetBytes(new Rune(value).ToString()));
        else
            throw Error($"the escape \\{letter} is no character");
    }

    private uint Digits(int most, int radix, string known)
    {
        var value = 0u;
        for (var count = 0; count < most && !IsAtEnd && known.Contains(Next, StringComparison.Ordinal); count++, _at++)
            value = unchecked((value * (uint)radix) + (uint)Convert.ToInt32(Next.ToString(CultureInfo.InvariantCulture), 16));
        return value;
    }

    private static bool IsWord(char letter) => char.IsAsciiLetterOrDigit(letter) || letter == '_';

    private void Require(char wanted)
    {
        if (!TryTake(wanted))
            throw Error(IsAtEnd ? $"'{wanted}' is missing at the end" : $"unexpected '{Next}' where '{wanted}' should be");
    }

    private bool TryTake(char wanted)
    {
        if (IsAtEnd || Next != wanted)
            return false;
        _at++;
        Skip();
        return true;
    }

    /// <summary>White space and comments.</summary>
    private void Skip()
    {
        while (!IsAtEnd && (char.IsWhiteSpace(Next) || Next == '#'))
        {
            if (Next == '#')
            {
                while (!IsAtEnd && Next != '\n')
                    _at++;
                continue;
            }

            if (Next == '\n')
                _line++;
            _at++;
        }
    }

    private InvalidDataException Error(string problem) => new(string.Create(CultureInfo.InvariantCulture, $"line {_line}: {problem}."));
}
