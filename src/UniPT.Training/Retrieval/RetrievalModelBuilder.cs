using UniPT.Backbones;
using UniPT.Tasks.Retrieval.Heads;
using UniPT.Tasks.Retrieval.Model;
using UniPT.Torch;
using UniPT.Training.Recipes;
using UniPT.Tuning;
using UniPT.Tuning.Head;

namespace UniPT.Training.Retrieval;

/// <summary>Builds the model that a recipe describes, freshly initialised where it is trained.</summary>
internal static class RetrievalModelBuilder
{
    /// <exception cref="UserException">Weights are missing or do not fit, or the method does not.</exception>
    internal static (RetrievalModel Model, RetrievalObjective Objective) Build(Recipe recipe)
    {
        string device = recipe.Device.Name();
        Weights trained = Weights.Fresh(recipe.Seed, device);
        Backbone? image = null;
        Backbone? text = null;
        try
        {
            (TuningMethod ofImage, TuningMethod ofText) = (Method(recipe, recipe.Image), Method(recipe, recipe.Text));
            image = BackboneRegistry.Open(recipe.Image.Backbone, recipe.Image.Weights, ofImage.TrainsBackbone, device);
            text = BackboneRegistry.Open(recipe.Text.Backbone, recipe.Text.Weights, ofText.TrainsBackbone, device);
            RetrievalTower imageTower = Tower(recipe, ofImage, image, recipe.Image, trained / "image");
            RetrievalTower textTower = Tower(recipe, ofText, text, recipe.Text, trained / "text");
            var objective = new RetrievalObjective(recipe.Loss, trained / "loss");
            return (new RetrievalModel(imageTower, textTower, trained.Store), objective);
        }
        catch
        {
            image?.Store.Dispose();
            text?.Store.Dispose();
            trained.Store.Dispose();
            throw;
        }
    }

    private static TuningMethod Method(Recipe recipe, TowerOptions options) =>
        options.Frozen ? new HeadMethod(new()) : TuningRegistry.Methods[recipe.Method.Name].Create(recipe.Method.Options);

    private static RetrievalTower Tower(
        Recipe recipe, TuningMethod method, Backbone backbone, TowerOptions options, Weights weights) => new(
        method.Attach(options.Layers.Count > 0 ? new SelectedLayers(backbone, options.Layers) : backbone, weights / "method", recipe.Head.Embedding),
        new EmbeddingHead(recipe.Head.Pooling == Pooling.Gpo ? new Gpo(weights / "gpool") : new MeanPooling(), recipe.Head.TokenDrop));
}
