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
    /// Whether the answer head starts from that of the pretraining, which stands in the backbone's checkpoint (<c>answer_head.logit_fc</c>); its answers are LXMERT's table
    /// <c>lxmert/all_ans.json</c> in the data's folder. An answer that the pretraining did not know starts from zero.
    /// </summary>
    public bool PretrainedAnswers { get; init; }
}
