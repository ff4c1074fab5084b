namespace UniPT.Tasks.Questions;

/// <summary>Questions about pictures, answered from a table of answers: the first token's adapted feature through the backbone's pooler and Clip-ViL's answer head.</summary>
public sealed record QuestionsOptions
{
    /// <summary>
    /// What the mean over questions and answers of the binary cross-entropy is multiplied by, which matters beside train.clip_norm: 500 as published for VQA and GQA; null
    /// for the number of answers.
    /// </summary>
    [OptionRange(1e-3, 1e6)]
    public double? LossScale { get; init; } = 500;

    /// <summary>
    /// The table of answers of the pretraining, <c>all_ans.json</c> of LXMERT: the answer head then starts from the one in the backbone's checkpoint
    /// (<c>answer_head.logit_fc</c>), an answer that the pretraining did not know from zero. Null for a new head.
    /// </summary>
    [OptionPath]
    public string? AnswersFrom { get; init; }
}
