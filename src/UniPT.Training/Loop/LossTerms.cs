using UniPT.Training.Contracts;

namespace UniPT.Training.Loop;

/// <summary>The loss of a step by its named terms, which add up to what is minimised.</summary>
public sealed class LossTerms
{
    /// <summary>Adds the terms up, in the current scope; one alone is the sum itself.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public LossTerms(params IReadOnlyList<LossTerm> terms)
    {
        if (terms.Count == 0)
        {
            throw new ArgumentException("A loss has one term at least.", nameof(terms));
        }

        Terms = terms;
        Total = terms.Count == 1 ? terms[0].Value : torch.stack([.. terms.Select(term => term.Value)]).sum();
    }

    /// <summary>The terms, scalars.</summary>
    public IReadOnlyList<LossTerm> Terms { get; }

    /// <summary>Their sum, recorded.</summary>
    public Tensor Total { get; }
}
