namespace UniPT.Torch;

/// <summary>What a <see cref="BertSchedule"/> does after its warm-up.</summary>
public enum BertScheduleKind
{
    /// <summary>Falls linearly to 0 after the last step; <c>warmup_linear</c>.</summary>
    WarmupLinear,

    /// <summary>Stays; <c>warmup_constant</c>.</summary>
    WarmupConstant,

    /// <summary>
    /// Half a cosine over all steps, of which the warm-up hides the beginning, so the rate jumps down at its end;
    /// <c>warmup_cosine</c>.
    /// </summary>
    WarmupCosine,
}

/// <summary>
/// The learning rates that belong to <see cref="BertAdam"/>. The warm-up is a share of all steps and begins at 0: the first step
/// changes nothing but the running means. <see cref="BertScheduleKind.WarmupLinear"/> is also Hugging Face's
/// <c>get_linear_schedule_with_warmup</c>.
/// </summary>
/// <param name="kind">What comes after the warm-up.</param>
/// <param name="rate">The highest rate.</param>
/// <param name="totalSteps">All steps, which need not be a whole number; −1 for the same rate throughout.</param>
/// <param name="warmup">The share of them in which the rate rises; −1 or 0 for none.</param>
public sealed class BertSchedule(BertScheduleKind kind, double rate, double totalSteps, double warmup) : LearningRateSchedule(rate)
{
    /// <inheritdoc/>
    protected override double Factor(long step)
    {
        double progress = step / totalSteps;
        return kind switch
        {
            _ when totalSteps <= 0 => 1,
            _ when progress < warmup => progress / warmup,
            BertScheduleKind.WarmupConstant => 1,
            BertScheduleKind.WarmupCosine => 0.5 * (1 + Math.Cos(Math.PI * progress)),

            // Where all steps are warm-up, nothing is left to fall along.
            _ => warmup >= 1 ? 0 : Math.Max((progress - 1) / (warmup - 1), 0),
        };
    }
}
