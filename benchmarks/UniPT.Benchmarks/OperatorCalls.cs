using System.Diagnostics;
using System.Text.Json.Nodes;
using UniPT.Torch;

namespace UniPT.Benchmarks;

/// <summary>Microseconds of one call of a small operator, its result freed, gradients off: the cost is the call's.</summary>
internal static class OperatorCalls
{
    private const int Size = 8;
    private const int Calls = 1000;
    private const int Rounds = 100;

    internal static JsonObject Run()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        Tensor a = torch.randn(Size, Size);
        Tensor b = torch.randn(Size, Size);
        return new JsonObject
        {
            ["benchmark"] = "operator call, microseconds",
            ["size"] = Size,
            ["calls"] = Calls,
            ["rounds"] = Rounds,
            ["add"] = Microseconds(() => a.Add(b)),
            ["matmul"] = Microseconds(() => a.MatMul(b)),
            ["relu"] = Microseconds(a.relu),
            ["view"] = Microseconds(() => a.view(-1)),
        };
    }

    private static double Microseconds(Func<Tensor> call)
    {
        // The first rounds let the compiler settle; the fastest is the least disturbed by other programs.
        return Enumerable.Range(0, 2 * Rounds).Select(_ => Round(call)).Skip(Rounds).Min();
    }

    private static double Round(Func<Tensor> call)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Calls; i++)
        {
            call().Dispose();
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / Calls;
    }
}
