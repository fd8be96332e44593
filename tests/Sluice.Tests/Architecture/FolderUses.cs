using System.Reflection;
using System.Reflection.Emit;

namespace Sluice.Tests.Architecture;

/// <summary>
/// Which folder of the product uses which other one, by what was compiled: signatures, attributes and the instructions of every method.
/// </summary>
internal static class FolderUses
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>Every edge once, with a type that has it, so that a failure names a place to look at.</summary>
    public static IReadOnlyDictionary<(string From, string To), string> Read()
    {
        var edges = new Dictionary<(string From, string To), string>();
        foreach (var type in OwnAssemblies.All.SelectMany(assembly => assembly.GetTypes()))
        {
            if (OwnAssemblies.FolderOf(type) is not { } from)
            {
                continue;
            }

            foreach (var to in UsedBy(type).SelectMany(Parts).Select(OwnAssemblies.FolderOf).OfType<string>().Where(to => to != from))
            {
                edges.TryAdd((from, to), type.FullName!);
            }
        }

        return edges;
    }

    private static IEnumerable<Type> UsedBy(Type type) =>
    [
        .. type.BaseType is { } parent ? [parent] : Type.EmptyTypes,
        .. type.GetInterfaces(),
        .. type.GetCustomAttributesData().Select(attribute => attribute.AttributeType),
        .. type.GetFields(Declared).Select(field => field.FieldType),
        .. type.GetMethods(Declared).SelectMany(method => UsedBy(method).Append(method.ReturnType)),
        .. type.GetConstructors(Declared).SelectMany(UsedBy),
    ];

    private static IEnumerable<Type> UsedBy(MethodBase method)
    {
        var parameters = method.GetParameters().Select(parameter => parameter.ParameterType);
        return method.GetMethodBody() is { } body
            ? [.. parameters, .. body.LocalVariables.Select(local => local.LocalType), .. UsedBy(method, body)]
            : parameters;
    }

    private static IEnumerable<Type> UsedBy(MethodBase method, MethodBody body)
    {
        var code = body.GetILAsByteArray()!;
        var typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            var operation = Next(code, ref at);
            if (operation.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                var member = method.Module.ResolveMember(BitConverter.ToInt32(code, at), typeArguments, methodArguments)!;
                foreach (var used in UsedBy(member))
                {
                    yield return used;
                }
            }

            at += OperandSize(operation, code, at);
        }
    }

    private static IEnumerable<Type> UsedBy(MemberInfo member) => member switch
    {
        Type type => [type],
        MethodInfo { IsGenericMethod: true } method => [.. method.GetGenericArguments(), method.DeclaringType!],
        _ => [member.DeclaringType!],
    };

    // What a type is made of: the element of an array, the arguments of a generic type.
    private static IEnumerable<Type> Parts(Type type) => type switch
    {
        { HasElementType: true } => Parts(type.GetElementType()!),
        { IsGenericParameter: true } => [],
        { IsGenericType: true } => [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Parts)],
        _ => [type],
    };

    private static OpCode Next(byte[] code, ref int at)
    {
        var first = code[at++];
        return OpCodesByValue[first == 0xFE ? unchecked((short)(0xFE00 | code[at++])) : first];
    }

    private static int OperandSize(OpCode operation, byte[] code, int at) => operation.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
        _ => 4,
    };
}
