using System.Reflection;
using System.Text.RegularExpressions;
using UniPT.Torch.Operators;

namespace UniPT.Torch.Tests.Operators;

public sealed partial class OperatorSchemaTests
{
    private const int ExpectedOperators = 126;

    [Fact]
    public void EveryDeclaredOperatorAgreesWithTheLoadedLibrary()
    {
        Operator[] operators = [.. typeof(Ops)
            .GetFields(BindingFlags.Static | BindingFlags.NonPublic)
            .Select(field => (Operator)field.GetValue(null)!)];
        string[] problems = Disagreements(operators);
        Assert.True(problems.Length == 0, string.Join("\n", problems));
        Assert.Equal(ExpectedOperators, operators.Length);
        Console.WriteLine($"operators: {operators.Length} wrappers agree with libtorch {TorchRuntime.Version}");
    }

    [Theory]
    [InlineData("aten::add.Tensor(Tensor self, Tensor others)")]
    [InlineData("aten::add.Tensor(Tensor self, int other)")]
    [InlineData("aten::relu(Tensor self, bool inplace)")]
    [InlineData("aten::sum.dim_IntList(Tensor self, int dim)")]
    public void ADeclarationThatDisagreesIsFound(string signature) => Assert.Single(Disagreements([new Operator(signature)]));

    [Fact]
    public void AnUnknownOperatorIsAnErrorThatNamesIt()
    {
        var error = Assert.Throws<TorchException>(() => new Operator("aten::no_such_thing(Tensor self)").LoadedSchema());
        Assert.Contains("no_such_thing", error.Message);
    }

    [Fact]
    public void AnArgumentOfTheWrongKindIsAnErrorThatNamesIt()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor ones = torch.ones(2);
        var error = Assert.Throws<TorchException>(() => Ops.MatMul.Call(ones, 3));
        Assert.Contains("argument other", error.Message);
    }

    [Fact]
    public void AMissingArgumentIsAnErrorThatNamesIt()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor ones = torch.ones(2);
        var error = Assert.Throws<TorchException>(() => Ops.MatMul.Call(ones));
        Assert.Contains("other is missing", error.Message);
    }

    private static string[] Disagreements(IEnumerable<Operator> operators) =>
    [
        .. operators
            .Where(op => !Arguments(op.Signature).SequenceEqual(Arguments(op.LoadedSchema()).Take(Arguments(op.Signature).Length)))
            .Select(op => $"{op.Signature}\n    loaded: {op.LoadedSchema()}"),
    ];

    /// <summary>"type name" of each argument; names of types that are the same on the stack are made one.</summary>
    private static string[] Arguments(string schema)
    {
        string inside = schema[(schema.IndexOf('(') + 1)..schema.LastIndexOf(')')];
        int arrow = inside.IndexOf(") ->", StringComparison.Ordinal);
        inside = arrow < 0 ? inside : inside[..arrow];
        return [.. TopLevelCommas().Split(inside)
            .Select(argument => Default().Replace(argument.Trim(), ""))
            .Where(argument => argument is not ("*" or ""))
            .Select(argument => Aliases().Replace(Sizes().Replace(argument, "[]"), ""))
            .Select(argument => argument.Replace("SymInt", "int").Replace("ScalarType", "int").Replace("Layout", "int"))];
    }

    [GeneratedRegex(@",\s*(?![^\[\(]*[\]\)])")]
    private static partial Regex TopLevelCommas();

    [GeneratedRegex("=.*$")]
    private static partial Regex Default();

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Sizes();

    [GeneratedRegex(@"\([a-z](!)?( -> \*)?\)")]
    private static partial Regex Aliases();
}
