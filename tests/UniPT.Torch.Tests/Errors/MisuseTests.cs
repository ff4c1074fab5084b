using System.Runtime.InteropServices;
using UniPT.Testing;

namespace UniPT.Torch.Tests.Errors;

/// <summary>What is wrong with tensors is an exception, wherever it happens, and the process goes on.</summary>
public sealed class MisuseTests
{
    public static TheoryData<string> Operations => [.. Wrong.Keys];

    private static Dictionary<string, Action<Tensor>> Wrong { get; } = new()
    {
        ["mm"] = pair => pair.mm(pair),
        ["MatMul"] = pair => pair.MatMul(pair),
        ["bmm"] = pair => pair.unsqueeze(0).bmm(pair.unsqueeze(0)),
        ["AddBatched"] = pair => MatrixProduct.AddBatched(pair, pair.unsqueeze(0), pair.unsqueeze(0)),
        ["linear"] = pair => nn.functional.linear(pair, torch.ones(4, 5), null),
        ["add"] = pair => pair.add(torch.ones(2, 4)),
        ["cat"] = pair => torch.cat([pair, torch.ones(3, 4)], 1),
        ["view"] = pair => pair.view(4, 4),
        ["index_select"] = pair => pair.index_select(0, TensorData.From([7L], 1)),
        ["copy_"] = pair => pair.copy_(torch.ones(5)),
        ["Backward"] = pair => pair.Backward(),
        ["Backward, another shape"] = pair => pair.Backward(torch.ones(2, 4)),
        ["Gradients.Of, not recorded"] = pair => Gradients.Of([pair.detach()], [pair.detach()], [pair]),
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public void AShapeThatDoesNotFitIsAnExceptionThatLeavesNothing(string operation)
    {
        TensorCount before = TensorCount.Now();
        using (torch.NewDisposeScope())
        {
            Tensor pair = torch.ones(2, 3, requires_grad: true).mul(Scalars.Of(1));
            Exception error = Assert.ThrowsAny<Exception>(() => Wrong[operation](pair));
            Assert.True(error is ExternalException or ArgumentException or InvalidOperationException, error.ToString());
            Assert.Equal(6, pair.sum().Item());
        }

        Assert.Equal(before, TensorCount.Now());
    }

    [Fact]
    public void TensorsOfAClosedScopeAreRefused()
    {
        Tensor closed;
        using (torch.NewDisposeScope())
        {
            closed = torch.ones(2, 2);
        }

        using DisposeScope scope = torch.NewDisposeScope();
        Assert.True(closed.IsInvalid);
        Action[] uses =
        [
            () => closed.add(torch.ones(2, 2)),
            () => torch.ones(2, 2).add(closed),
            () => torch.ones(2, 2).MatMul(closed),
            () => torch.cat([torch.ones(2, 2), closed]),
            () => closed.ToArray<float>(),
            () => closed.ByteCount(),
            () => closed.Backward(),
            () => CustomBackward.Attach([closed], [torch.ones(1)], (_, _) => []),
        ];
        Assert.All(uses, use => Assert.ThrowsAny<InvalidOperationException>(use));
    }

    [Fact]
    public void WhatARecordedGraphKeepsOutlivesItsScope()
    {
        using DisposeScope outer = torch.NewDisposeScope();
        Tensor leaf = torch.ones(2, requires_grad: true);
        Tensor loss;
        using (DisposeScope inner = torch.NewDisposeScope())
        {
            loss = inner.MoveToOuter(leaf.mul(leaf * Scalars.Of(3)).sum());
        }

        loss.Backward();
        Assert.Equal([6f, 6], leaf.grad!.ToArray<float>());
    }
}
