using System.Globalization;
using System.Text;
using Saccade.Inference.Bundles;

namespace Saccade.Inference.Tests.Bundles;

public sealed class TextFormatTests
{
    [Theory]
    [InlineData("a: 1 b: -2 c: 1.5e-3f d: KIND_GPU e: - inf", "a=1 b=-2 c=1.5e-3f d=KIND_GPU e=-inf")]
    [InlineData("a: 1, b: 2; c: 3", "a=1 b=2 c=3")]
    [InlineData("# first\na: 1 # second\n#", "a=1")]
    [InlineData("a { b: 1 } c: { d: 2 } e < f: 3 > g {}", "a={b=1} c={d=2} e={f=3} g={}")]
    [InlineData("a: [1, 2,3] a: 4", "a=1 a=2 a=3 a=4")]
    [InlineData("a []", "")]
    [InlineData("a [ { b: 1 }, { b: 2 } ]", "a={b=1} a={b=2}")]
    [InlineData("""a: "x" 'y' "z" """, "a='xyz'")]
    [InlineData("""a: "#{}[]\"\\\n\x41\101\u00e9\U0001F600" """, "a='#{}[]\"\\\nAAé😀'")]
    [InlineData("""a: "\303\251" b: "é😀" """, "a='é' b='é😀'")]
    [InlineData("[some.extension] { a: 1 }", "[some.extension]={a=1}")]
    [InlineData("a:0x1F b:1e+5", "a=0x1F b=1e+5")]
    [InlineData("", "")]
    public void Read_SoundText_HasItsFields(string text, string expected) => Assert.Equal(expected, Show(TextFormat.Read(text)));

    [Theory]
    [InlineData("a", "line 1")]
    [InlineData("a 1", "colon")]
    [InlineData("a:", "missing at the end")]
    [InlineData("a: 1\nb: }", "line 2: unexpected '}'")]
    [InlineData("a { b: 1", "'}' is missing")]
    [InlineData("a { b: 1 >", "'}' should be")]
    [InlineData("}", "unexpected '}'")]
    [InlineData("a: [1", "']' is missing")]
    [InlineData("a: \"x", "no end")]
    [InlineData("a: \"x\ny\"", "no end")]
    [InlineData("""a: "\q" """, "no escape")]
    [InlineData("""a: "\x" """, "too few digits")]
    [InlineData("""a: "\u12" """, "too few digits")]
    [InlineData("""a: "\ud800" """, "no character")]
    [InlineData("1: 2", "name should be")]
    [InlineData("[a: 1", "no end")]
    public void Read_UnsoundText_IsRefusedWithLineAndReason(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => TextFormat.Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_NestedTooDeep_IsRefused() =>
        Assert.Throws<InvalidDataException>(() => TextFormat.Read(string.Concat(Enumerable.Repeat("a{", 100_000))));

    /// <summary>Whatever a message is and however it is laid out, it is read back.</summary>
    [Fact]
    public void Read_RandomMessagesInRandomLayouts_AreReadBack()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var message = Message(random, depth: 0);
            var text = new StringBuilder();
            Write(message, text, random);

            Assert.Equal(Show(message), Show(TextFormat.Read(text.ToString())));
        }
    }

    /// <summary>Anything else ends, with a message or with the one exception that is documented.</summary>
    [Fact]
    public void Read_DamagedText_NeverFailsOtherwise()
    {
        const string Letters = "ab1:-.{}[]<>,;#\"'\\\nx0u\0é \ud800";
        var refused = 0;
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var text = new StringBuilder();
            Write(Message(random, depth: 0), text, random);
            for (var change = 0; change < 3; change++)
                text.Insert(random.Next(text.Length + 1), Letters[random.Next(Letters.Length)]);
            try
            {
                _ = TextFormat.Read(text.ToString());
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 19_999);
    }

    private static TextMessage Message(Random random, int depth)
    {
        var fields = new List<TextField>();
        for (var field = random.Next(4); field > 0; field--)
        {
            TextValue value = random.Next(depth < 4 ? 4 : 3) switch
            {
                0 => new TextScalar(random.Next(-1000, 1000).ToString(CultureInfo.InvariantCulture), IsString: false),
                1 => new TextScalar("TYPE_FP32", IsString: false),
                2 => new TextScalar(string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => "a\"'\\\n#é{"[random.Next(8)])), true),
                _ => Message(random, depth + 1),
            };
            fields.Add(new($"f_{random.Next(3)}", value, Line: 1));
        }

        return new(fields);
    }

    private static void Write(TextMessage message, StringBuilder text, Random random)
    {
        foreach (var field in message.Fields)
        {
            Space(text, random);
            text.Append(field.Name);
            Space(text, random);
            if (field.Value is TextMessage inner)
            {
                var (open, close) = random.Next(2) == 0 ? ('{', '}') : ('<', '>');
                text.Append(random.Next(2) == 0 ? ":" : "").Append(open);
                Write(inner, text, random);
                text.Append(close);
            }
            else
            {
                var scalar = (TextScalar)field.Value;
                var isList = random.Next(3) == 0;
                text.Append(':').Append(isList ? " [" : " ").Append(scalar.IsString ? Quote(scalar.Text, random) : scalar.Text);
                text.Append(isList ? ']' : ' ');
            }

            text.Append(
                random.Next(3) switch
                {
                    0 => ",",
                    1 => ";",
                    _ => "\n",
                }
            );
        }
    }

    private static string Quote(string text, Random random)
    {
        var quote = random.Next(2) == 0 ? '"' : '\'';
        return quote
            + string.Concat(
                text.Select(letter =>
                    letter is '"' or '\'' or '\\' ? $"\\{letter}"
                    : letter == '\n' ? "\\n"
                    : $"{letter}"
                )
            )
            + quote;
    }

    private static void Space(StringBuilder text, Random random) =>
        text.Append(
            random.Next(4) switch
            {
                0 => " ",
                1 => "\t\r\n",
                2 => " # \"{\n",
                _ => "",
            }
        );

    private static string Show(TextMessage message) =>
        string.Join(
            ' ',
            message.Fields.Select(field =>
                field.Value switch
                {
                    TextMessage inner => $"{field.Name}={{{Show(inner)}}}",
                    TextScalar { IsString: true } text => $"{field.Name}='{text.Text}'",
                    var other => $"{field.Name}={((TextScalar)other).Text}",
                }
            )
        );
}
