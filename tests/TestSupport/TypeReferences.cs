using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace Saccade.TestSupport;

/// <summary>Which types a type uses: in what it is made of, in its members' signatures, and in what its methods do.</summary>
public static class TypeReferences
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    private static readonly Dictionary<short, OpCode> Instructions = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>The types that a type and those nested in it use, nested ones as what they are nested in; without the type
    /// itself.</summary>
    public static IReadOnlySet<Type> Of(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return Mentioned(type).SelectMany(Parts).Select(Outermost).Where(used => used != type).ToHashSet();
    }

    private static IEnumerable<Type> Mentioned(Type type)
    {
        IEnumerable<MemberInfo> attributed = [type, .. type.GetMembers(Declared)];
        return
        [
            .. type.BaseType is { } parent ? [parent] : Type.EmptyTypes,
            .. type.GetInterfaces(),
            .. attributed.SelectMany(member => member.GetCustomAttributesData()).Select(attribute => attribute.AttributeType),
            .. type.GetFields(Declared).Select(field => field.FieldType),
            .. type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)).SelectMany(Mentioned),
            .. type.GetNestedTypes(Declared).SelectMany(Mentioned),
        ];
    }

    private static IEnumerable<Type> Mentioned(MethodBase method)
    {
        var signature = method.GetParameters().Select(parameter => parameter.ParameterType);
        if (method is MethodInfo { ReturnType: var returned })
            signature = signature.Append(returned);
        return method.GetMethodBody() is { } body
            ?
            [
                .. signature,
                .. body.LocalVariables.Select(local => local.LocalType),
                .. Tokens(body.GetILAsByteArray()!).SelectMany(token => Resolved(method, token)),
            ]
            : signature;
    }

    /// <summary>The metadata tokens among the operands of a method's instructions.</summary>
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (var at = 0; at < code.Length; )
        {
            var isLong = code[at] == 0xFE;
            var instruction = Instructions[isLong ? (short)(0xFE00 | code[at + 1]) : code[at]];
            at += isLong ? 2 : 1;
            switch (instruction.OperandType)
            {
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    at += sizeof(byte);
                    break;
                case OperandType.InlineVar:
                    at += sizeof(short);
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    at += sizeof(long);
                    break;
                case OperandType.InlineSwitch:
                    at += sizeof(int) * (1 + BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at)));
                    break;
                case OperandType.InlineType or OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok:
                    yield return BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at));
                    at += sizeof(int);
                    break;
                default:
                    at += sizeof(int);
                    break;
            }
        }
    }

    private static IEnumerable<Type> Resolved(MethodBase method, int token)
    {
        var ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        return method.Module.ResolveMember(token, ofType, ofMethod) switch
        {
            Type type => [type],
            MethodInfo { IsGenericMethod: true } generic => [generic.DeclaringType!, .. generic.GetGenericArguments()],
            { DeclaringType: { } declaring } => [declaring],
            _ => [],
        };
    }

    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
            return Parts(type.GetElementType()!);
        if (type.IsGenericParameter)
            return [];
        return type.IsConstructedGenericType ? [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Parts)] : [type];
    }

    private static Type Outermost(Type type) => type.DeclaringType is { } declaring ? Outermost(declaring) : type;
}
