using UniPT.Backbones;
using UniPT.Backbones.Media;
using UniPT.Tasks.Grounding.Data;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Torch;

namespace UniPT.Tasks.Grounding.Inputs;

/// <summary>Makes the backbone's input of pictures and expressions: pictures of different sizes are padded at the right and the bottom.</summary>
/// <param name="workers">Threads that decode at once.</param>
internal sealed class GroundingInputs(int workers)
{
    /// <summary>Pictures of expressions, decoded, resized and put together; the caller owns the tensors.</summary>
    /// <param name="pictures">Where they are.</param>
    /// <param name="expressions">Whose pictures.</param>
    /// <param name="plans">How each is resized.</param>
    internal PaddedPictures Load(PictureFiles pictures, IReadOnlyList<Expression> expressions, IReadOnlyList<PicturePlan> plans)
    {
        PaddedPictures padded = PaddedPictures.Empty(plans);
        try
        {
            // Expressions of one picture stand beside each other, and it is decoded once for them.
            (string File, int[] Rows)[] files = [.. expressions.Index().GroupBy(pair => pair.Item.File, StringComparer.Ordinal).Select(group => (group.Key, group.Select(pair => pair.Index).ToArray()))];
            Threads.For(files.Length, workers, i =>
            {
                (string file, int[] rows) = files[i];
                ImageDecoder.Decode(pictures.Read(file), file, picture =>
                {
                    foreach (int row in rows)
                    {
                        Require(picture, expressions[row]);
                        padded.Put(row, picture, plans[row]);
                    }

                    return true;
                });
            });
            return padded;
        }
        catch
        {
            padded.Dispose();
            throw;
        }
    }

    /// <summary>One input of pictures and token ids, in the current scope.</summary>
    internal static BackboneInput Join(PaddedPictures pictures, IReadOnlyList<int[]> ids, Device device)
    {
        BackboneInput texts = BackboneInput.Texts(ids, device);
        return new(
            (BackboneInput.PixelsPart, pictures.Pixels.to(device)),
            (BackboneInput.PixelsMaskPart, pictures.Mask.to(device)),
            (BackboneInput.TokensPart, texts[BackboneInput.TokensPart]),
            (BackboneInput.MaskPart, texts[BackboneInput.MaskPart]));
    }

    // Boxes are in pixels of the file as the annotations know it.
    private static void Require(RgbImage picture, Expression expression)
    {
        if (picture.Width != expression.Width || picture.Height != expression.Height)
        {
            throw new UserException(
                $"{expression.File} has {picture.Width} × {picture.Height} pixels, the expression {expression.Id} is of a picture of {expression.Width} × {expression.Height}; it is another picture.");
        }
    }
}

/// <summary>Pictures of different sizes in one tensor, which no scope owns.</summary>
/// <param name="Pixels"><c>[B, 3, H, W]</c> in [0, 1], 0 where there is no picture.</param>
/// <param name="Mask">1 where there is a picture, <c>[B, H, W]</c> float32.</param>
internal sealed record PaddedPictures(Tensor Pixels, Tensor Mask) : IDisposable
{
    /// <summary>Room for some.</summary>
    internal static PaddedPictures Empty(IReadOnlyList<PicturePlan> plans)
    {
        using DisposeScope scope = torch.NewDisposeScope();

        // The threads that fill it are in no inference mode, whoever waits for them is.
        using IDisposable usual = torch.inference_mode(false);
        (int height, int width) = (plans.Max(plan => plan.Height), plans.Max(plan => plan.Width));
        return TorchErrors.Explain(() => new PaddedPictures(
            torch.zeros(plans.Count, 3, height, width).DetachFromDisposeScope(), torch.zeros(plans.Count, height, width).DetachFromDisposeScope()));
    }

    /// <summary>Puts a picture into its row; rows may be filled on several threads.</summary>
    internal void Put(int row, RgbImage picture, PicturePlan plan)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        Pixels.select(0, row).narrow(1, 0, plan.Height).narrow(2, 0, plan.Width).copy_(plan.Of(picture));
        Mask.select(0, row).narrow(0, 0, plan.Height).narrow(1, 0, plan.Width).fill_(Scalars.Of(1));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Pixels.Dispose();
        Mask.Dispose();
    }
}
