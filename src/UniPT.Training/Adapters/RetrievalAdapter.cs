using UniPT.Tasks.Retrieval.Model;
using UniPT.Training.Recipes;
using UniPT.Training.Retrieval;

namespace UniPT.Training.Adapters;

/// <summary>A loaded adapter on its backbones, ready to embed pictures and texts.</summary>
/// <param name="Folder">Where it was loaded from.</param>
/// <param name="Recipe">What it was trained with, with paths that exist here.</param>
/// <param name="Model">The towers; owned.</param>
/// <param name="Inputs">Prepares pictures and texts as in training.</param>
internal sealed record RetrievalAdapter(string Folder, Recipe Recipe, RetrievalModel Model, RetrievalInputs Inputs) : IDisposable
{
    public void Dispose() => Model.Dispose();
}
