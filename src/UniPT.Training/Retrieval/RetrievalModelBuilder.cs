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
    /// <param name="recipe">The recipe; its precision is settled.</param>
    /// <param name="beside">A model of the same backbones, which are then read and not opened again.</param>
    /// <exception cref="UserException">Weights are missing or do not fit, or the method does not.</exception>
    internal static (RetrievalModel Model, RetrievalObjective Objective) Build(Recipe recipe, RetrievalModel? beside = null)
    {
        Device device = recipe.Device.Name();
        Weights trained = Weights.Fresh(recipe.Seed, device);
        Backbone? image = null;
        Backbone? text = null;
        try
        {
            (TuningMethod ofImage, TuningMethod ofText) = (Method(recipe, recipe.Image), Method(recipe, recipe.Text));
            image = beside?.Image.Tuned.Backbone ?? BackboneRegistry.Open(recipe.Image.Backbone, recipe.Image.WeightsFile, ofImage.TrainsBackbone, device);
            text = beside?.Text.Tuned.Backbone ?? BackboneRegistry.Open(recipe.Text.Backbone, recipe.Text.WeightsFile, ofText.TrainsBackbone, device);
            RetrievalTower imageTower = Tower(recipe, ofImage, image, recipe.Image, trained / "image");
            RetrievalTower textTower = Tower(recipe, ofText, text, recipe.Text, trained / "text");
            SetPrecision(recipe, beside is not null, imageTower.Tuned, textTower.Tuned);
            var objective = new RetrievalObjective(recipe.Loss, trained / "loss");
            return (new RetrievalModel(imageTower, textTower, trained.Store) { SharesBackbones = beside is not null }, objective);
        }
        catch
        {
            if (beside is null)
            {
                image?.Store.Dispose();
                text?.Store.Dispose();
            }

            trained.Store.Dispose();
            throw;
        }
    }

    /// <summary>Whether the method changes the hidden states of a backbone.</summary>
    internal static bool ChangesHiddenStates(Recipe recipe) =>
        Method(recipe, recipe.Image).ChangesHiddenStates || Method(recipe, recipe.Text).ChangesHiddenStates;

    // After the method is there: one that starts from the backbone's weights starts from what the file has.
    private static void SetPrecision(Recipe recipe, bool shared, params TunedBackbone[] towers)
    {
        foreach (TunedBackbone tuned in towers.Where(tuned => tuned.Backbone.Type != recipe.Precision.Type() || (shared && tuned.PassedWeights.Count > 0)))
        {
            if (shared)
            {
                throw new UserException(
                    $"The method {recipe.Method.Name} in precision {recipe.Precision.ToString().ToLowerInvariant()} cannot share the backbone {tuned.Backbone.Name}, which was opened in another type or computes wholly in one.");
            }

            tuned.ConvertBackbone(recipe.Precision.Type());
        }
    }

    private static TuningMethod Method(Recipe recipe, TowerOptions options) =>
        options.Frozen ? new HeadMethod(new()) : TuningRegistry.Methods[recipe.Method.Name].Create(recipe.Method.Options);

    private static RetrievalTower Tower(
        Recipe recipe, TuningMethod method, Backbone backbone, TowerOptions options, Weights weights) => new(
        method.Attach(options.Layers.Count > 0 ? backbone.Streams.Only.Select(options.Layers) : backbone.Streams.Only, weights / "method", recipe.Head.Embedding),
        new EmbeddingHead(recipe.Head.Pooling == Pooling.Gpo ? new Gpo(weights / "gpool") : new MeanPooling(), recipe.Head.TokenDrop));
}
