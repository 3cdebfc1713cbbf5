namespace Saccade.Inference.Bundles;

/// <summary>A value in the text format of protocol buffers.</summary>
internal abstract record TextValue;

/// <summary>A number, a word such as <c>KIND_GPU</c> or <c>true</c>, or a string.</summary>
/// <param name="Text">Of a string, what it stands for, without quotes and escapes; of the others, as written.</param>
/// <param name="IsString">Whether it was in quotes.</param>
internal sealed record TextScalar(string Text, bool IsString) : TextValue;

/// <summary>A message: fields in their order, a repeated one as often as it has values.</summary>
/// <param name="Fields">May be empty.</param>
internal sealed record TextMessage(IReadOnlyList<TextField> Fields) : TextValue;

/// <summary>A field with one value.</summary>
/// <param name="Name">Its name; of an extension, in brackets.</param>
/// <param name="Value">What it is set to.</param>
/// <param name="Line">Where it is written, from 1.</param>
internal sealed record TextField(string Name, TextValue Value, int Line);
