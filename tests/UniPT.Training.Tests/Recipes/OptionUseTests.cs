using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using UniPT.Training.Recipes;
using UniPT.Training.Recipes.Binding;
using UniPT.Tuning;

namespace UniPT.Training.Tests.Recipes;

/// <summary>An option that nothing reads promises what does not happen.</summary>
public sealed class OptionUseTests
{
    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    public static TheoryData<string> Options
    {
        get
        {
            var names = new TheoryData<string>();
            foreach ((string name, _) in Getters())
            {
                names.Add(name);
            }

            return names;
        }
    }

    private static Lazy<HashSet<(Module, int)>> Read { get; } = new(CalledGetters);

    [Theory]
    [MemberData(nameof(Options))]
    public void EveryOptionIsReadBySomething(string name)
    {
        MethodInfo getter = Getters().First(option => option.Name == name).Getter;
        Assert.True(Read.Value.Contains((getter.Module, getter.MetadataToken)), $"Nothing reads {name}.");
    }

    /// <summary>The scan sees a difference: this getter is called by what the compiler adds to a record, and by nothing else.</summary>
    [Fact]
    public void WhatOnlyTheRecordItselfReadsIsNotRead()
    {
        MethodInfo contract = typeof(DataOptions).GetProperty("EqualityContract", BindingFlags.NonPublic | BindingFlags.Instance)!.GetMethod!;
        Assert.DoesNotContain((contract.Module, contract.MetadataToken), Read.Value);
    }

    private static IEnumerable<(string Name, MethodInfo Getter)> Getters() =>
        Of(typeof(Recipe), "").Concat(TuningRegistry.Methods.SelectMany(method => Of(method.Value.Options, $"{method.Key}.")));

    private static IEnumerable<(string Name, MethodInfo Getter)> Of(Type record, string prefix) =>
        OptionProperty.Of(record).Where(option => option.Type != typeof(MethodChoice)).SelectMany(option => option.IsSection
            ? Of(option.Type == typeof(OptionMap<WeightGroup>) ? typeof(WeightGroup) : option.Type, $"{prefix}{option.Name}.")
            : [($"{prefix}{option.Name}", ((PropertyInfo)option.Member).GetMethod!)]);

    /// <summary>All methods that any body of ours calls, but for what the compiler adds to records and what only checks, reads or writes recipes.</summary>
    private static HashSet<(Module, int)> CalledGetters()
    {
        Assembly[] ours = [typeof(Recipe).Assembly, typeof(TuningRegistry).Assembly];
        return
        [
            .. ours.SelectMany(assembly => assembly.GetTypes())
                .Where(type => !IsOfRecipes(type))
                .SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
                .OfType<MethodBase>()
                .Where(method => method.DeclaringType!.GetMethod("<Clone>$") is null || !method.IsDefined(typeof(CompilerGeneratedAttribute)))
                .SelectMany(Calls)
                .Select(method => (method.Module, method.MetadataToken)),
        ];
    }

    private static bool IsOfRecipes(Type type)
    {
        Type outer = type;
        while (outer.DeclaringType is { } around)
        {
            outer = around;
        }

        return outer.Name is nameof(RecipeValidator) or nameof(TrainChecks) or nameof(FormerOptions) || outer.Namespace == typeof(OptionProperty).Namespace;
    }

    private static IEnumerable<MethodBase> Calls(MethodBase method)
    {
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (int at = 0; at < code.Length;)
        {
            OpCode operation = OpCodesByValue[code[at] == 0xFE ? (short)(0xFE00 | code[at + 1]) : code[at]];
            at += operation.Size;
            if (operation.OperandType == OperandType.InlineMethod)
            {
                yield return method.Module.ResolveMethod(
                    BitConverter.ToInt32(code, at),
                    method.DeclaringType!.GetGenericArguments(),
                    method.IsGenericMethod ? method.GetGenericArguments() : [])!;
            }

            at += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }
}
