using System.Runtime.InteropServices;
using UniPT.Testing;

namespace UniPT.Torch.Tests.Errors;

public sealed class TorchErrorsTests
{
    // 4 PiB of float32.
    private const long TooMany = 1L << 50;

    [Fact]
    public void RefusedMemoryIsSaidWithWhatWasHeldWhereItHappened()
    {
        TensorCount before = TensorCount.Now();
        TensorMemoryException error = Assert.Throws<TensorMemoryException>(() => TorchErrors.Explain(Hold, "lower train.batch_size"));

        Assert.Matches(@"^There was not enough memory for a tensor of 4096 TiB on the CPU: [0-9.]+ [MG]iB of tensors were held; lower train\.batch_size\.$", error.Message);
        Assert.IsType<ExternalException>(error.InnerException);
        Assert.Equal(before, TensorCount.Now());
    }

    [Fact]
    public void AdviceFromNearerToTheWorkStays()
    {
        TensorMemoryException error = Assert.Throws<TensorMemoryException>(
            () => TorchErrors.Explain(() => TorchErrors.Explain(() => TorchErrors.Explain(Hold), "lower the one"), "lower the other"));
        Assert.EndsWith("were held; lower the one.", error.Message);
    }

    [Fact]
    public void WhereNothingIsMeasuredTheMessageSaysSoAndStillHasTheSize()
    {
        using IDisposable hidden = TensorMemory.Hide();
        TensorMemoryException error = Assert.Throws<TensorMemoryException>(() => TorchErrors.Explain(Hold));
        Assert.StartsWith("There was not enough memory for a tensor of 4096 TiB: what tensors held is not measured here; lower the batch size", error.Message);
    }

    [Fact]
    public void ASizeThatOverflowsIsRefusedMemoryToo()
    {
        TensorMemoryException error = Assert.Throws<TensorMemoryException>(() => TorchErrors.Explain(() => torch.empty(1L << 62, 1L << 62)));
        Assert.Contains("a tensor of more bytes than can be counted", error.Message);
    }

    [Fact]
    public void OtherErrorsStayWhatTheyAre()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ExternalException error = Assert.Throws<ExternalException>(() => TorchErrors.Explain(() => torch.ones(2, 3).mm(torch.ones(2, 3)), "lower"));
        Assert.Contains("shapes cannot be multiplied (2x3 and 2x3)", TorchErrors.Sentence(error));
        Assert.DoesNotContain("Exception raised from", TorchErrors.Sentence(error));
        Assert.Same(error, TorchErrors.Translate(error));
    }

    [Fact]
    public void FreshWeightsThatDoNotFitAreRefusedAndNothingOfThemStays()
    {
        TensorCount before = TensorCount.Now();
        Weights weights = Weights.Fresh(1);
        using (weights.Store)
        {
            _ = new Linear(weights / "fits", 10, 10);
            TensorMemoryException error = Assert.Throws<TensorMemoryException>(() => new Linear(weights / "large", 1L << 25, 1L << 25));
            Assert.EndsWith("were held; the weights need it: free memory, or take a smaller model.", error.Message);
        }

        Assert.Equal(before, TensorCount.Now());
    }

    [Fact]
    public void AForwardThatDoesNotFitIsRefused()
    {
        TensorCount before = TensorCount.Now();
        using (torch.NewDisposeScope())
        {
            Assert.Throws<TensorMemoryException>(() => new Widening().forward(torch.ones(1)));
        }

        Assert.Equal(before, TensorCount.Now());
    }

    /// <summary>The recorded operations are views; their gradient is as large as what they look at.</summary>
    [Fact]
    public void ABackwardThatDoesNotFitIsRefused()
    {
        TensorCount before = TensorCount.Now();
        using (torch.NewDisposeScope())
        {
            Tensor leaf = torch.ones(1, requires_grad: true);
            Tensor loss = leaf.expand(TooMany).narrow(0, 0, 2).sum();
            TensorMemoryException error = Assert.Throws<TensorMemoryException>(() => loss.Backward());
            Assert.Contains("4096 TiB", error.Message);
        }

        Assert.Equal(before, TensorCount.Now());
    }

    [Fact]
    public void AWrittenOutBackwardThatDoesNotFitIsRefusedWithWhatItHeld()
    {
        TensorCount before = TensorCount.Now();
        using (torch.NewDisposeScope())
        {
            Tensor leaf = torch.ones(1, requires_grad: true);
            Tensor output = leaf.detach() * Scalars.Of(2);
            CustomBackward.Attach([leaf], [output], (_, _) =>
            {
                Hold();
                return [];
            });
            TensorMemoryException error = Assert.Throws<TensorMemoryException>(() => output.sum().Backward());
            Assert.Matches(@": [0-9.]+ [MG]iB of tensors were held;", error.Message);
        }

        Assert.Equal(before, TensorCount.Now());
    }

    [Fact]
    public void AnOptimizerWhoseStateDoesNotFitIsRefusedAndKeepsNothing()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var small = new Parameter(torch.ones(3));
        var large = new Parameter(torch.ones(1).expand(TooMany));
        TensorCount before = TensorCount.Now();
        TensorMemoryException error = Assert.Throws<TensorMemoryException>(
            () => new AdamW([new ParameterGroup(new Dictionary<string, Parameter> { ["small"] = small, ["large"] = large })]));

        Assert.EndsWith("were held; train fewer parameters.", error.Message);
        Assert.Equal(before, TensorCount.Now());
    }

    /// <summary>Asks for too much while it holds 16 MiB.</summary>
    private static Tensor Hold()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        _ = torch.ones(4 << 20);
        return torch.empty(TooMany);
    }

    private sealed class Widening : Module
    {
        protected override Tensor Compute(Tensor input) => input.expand(TooMany).contiguous();
    }
}
