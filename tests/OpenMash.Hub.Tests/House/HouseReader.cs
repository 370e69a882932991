using Mono.Cecil;
using Mono.Cecil.Cil;

namespace OpenMash.HubTests.House;

/// <summary>One thing found where it may not be.</summary>
public sealed record Finding(string Where, string What)
{
    public override string ToString() => $"{Where} uses {What}";
}

/// <summary>
/// Reads compiled assemblies: which types each type mentions and which methods it calls. Compiler-made inner types (lambdas, state machines) count as the type that
/// holds them.
/// </summary>
public static class HouseReader
{
    public static IReadOnlyList<TypeDefinition> TypesOf(System.Reflection.Assembly assembly) => TypesOf(assembly.Location);

    public static IReadOnlyList<TypeDefinition> TypesOf(string path)
    {
        var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(Path.GetDirectoryName(path)!);
        var module = ModuleDefinition.ReadModule(path, new ReaderParameters { AssemblyResolver = resolver });
        return [.. module.GetTypes().Where(t => t.Name != "<Module>")];
    }

    public static TypeDefinition Outermost(this TypeDefinition type) => type.DeclaringType is null ? type : type.DeclaringType.Outermost();

    /// <summary>Full names of all types that a type mentions: bases, members, attributes, generic arguments, bodies.</summary>
    public static IEnumerable<string> Mentions(this TypeDefinition type)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        void Add(TypeReference? reference)
        {
            if (reference is null) return;
            if (reference is GenericInstanceType generic)
            {
                foreach (var argument in generic.GenericArguments) Add(argument);
            }

            if (reference is TypeSpecification specification) Add(specification.ElementType);
            else if (reference is not GenericParameter) found.Add(Outer(reference).FullName);
        }

        Add(type.BaseType);
        foreach (var i in type.Interfaces) Add(i.InterfaceType);
        foreach (var a in type.CustomAttributes) Add(a.AttributeType);
        foreach (var f in type.Fields) Add(f.FieldType);
        foreach (var p in type.Properties) Add(p.PropertyType);
        foreach (var method in type.Methods)
        {
            Add(method.ReturnType);
            foreach (var p in method.Parameters) Add(p.ParameterType);
            if (!method.HasBody) continue;
            foreach (var v in method.Body.Variables) Add(v.VariableType);
            foreach (var instruction in method.Body.Instructions)
            {
                switch (instruction.Operand)
                {
                    case TypeReference t:
                        Add(t);
                        break;
                    case MethodReference m:
                        Add(m.DeclaringType);
                        if (m is GenericInstanceMethod g)
                        {
                            foreach (var argument in g.GenericArguments) Add(argument);
                        }

                        break;
                    case FieldReference f:
                        Add(f.DeclaringType);
                        break;
                }
            }
        }

        return found;
    }

    /// <summary>Calls as <c>Type.Method</c> by simple names of the declaring type.</summary>
    public static IEnumerable<string> Calls(this TypeDefinition type) =>
        type.Methods.Where(m => m.HasBody)
            .SelectMany(m => m.Body.Instructions)
            .Where(i => i.OpCode.Code is Code.Call or Code.Callvirt or Code.Newobj or Code.Ldftn)
            .Select(i => (MethodReference)i.Operand)
            .Select(m => $"{m.DeclaringType.Name}.{m.Name}");

    private static TypeReference Outer(TypeReference reference) => reference.DeclaringType is null ? reference : Outer(reference.DeclaringType);
}
