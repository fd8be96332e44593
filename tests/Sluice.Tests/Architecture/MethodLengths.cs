using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Sluice.Tests.Architecture;

/// <summary>
/// How many lines each method has, from its first statement to its last, by the debug information of what was compiled. Constructors are left out:
/// the initialisers of all fields and properties are a part of them.
/// </summary>
internal static class MethodLengths
{
    public static IReadOnlyList<(string Method, int Lines)> Read() => [.. OwnAssemblies.All.SelectMany(assembly => Read(assembly.Location))];

    private static IEnumerable<(string Method, int Lines)> Read(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        using var symbols = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(assembly, ".pdb")));
        var (metadata, lines) = (file.GetMetadataReader(), symbols.GetMetadataReader());
        foreach (var handle in metadata.MethodDefinitions)
        {
            var points = lines.GetMethodDebugInformation(handle).GetSequencePoints().Where(point => !point.IsHidden).ToList();
            if (points.Count > 0 && IsWritten(lines, points[0].Document) && !NameOf(metadata, handle).EndsWith("ctor", StringComparison.Ordinal))
            {
                yield return (NameOf(metadata, handle), points.Max(point => point.EndLine) - points.Min(point => point.StartLine) + 1);
            }
        }
    }

    // What generators write is nobody's to read, and the markup of a page is no method.
    private static bool IsWritten(MetadataReader lines, DocumentHandle document) =>
        lines.GetString(lines.GetDocument(document).Name) is var name
        && !name.EndsWith(".g.cs", StringComparison.Ordinal)
        && !name.EndsWith(".razor", StringComparison.Ordinal);

    private static string NameOf(MetadataReader metadata, MethodDefinitionHandle handle)
    {
        var method = metadata.GetMethodDefinition(handle);
        var type = metadata.GetTypeDefinition(method.GetDeclaringType());
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}.{metadata.GetString(method.Name)}";
    }
}
