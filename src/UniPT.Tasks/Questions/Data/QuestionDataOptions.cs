using UniPT.Training.Recipes;

namespace UniPT.Tasks.Questions.Data;

/// <summary>
/// The folder that somebody has who followed the published instructions: question files as LXMERT and Clip-ViL read them (<c>vqa/train.json</c>, …), or those of
/// the benchmark itself, and the pictures.
/// </summary>
public sealed record QuestionDataOptions : DataOptions
{
    /// <summary>Which benchmark the data are: it decides which files make the splits, what is measured, and what a submission looks like.</summary>
    public QuestionBenchmark Benchmark { get; init; }

    /// <summary>
    /// The files to train on, by their names or what stands for them in these (<c>train2014</c>, <c>train_balanced</c>). An empty list takes those of the published
    /// experiments: <c>train</c> and <c>nominival</c>, or <c>train2014</c>; of GQA <c>train</c> and <c>valid</c>, or <c>train_balanced</c> and <c>val_balanced</c>.
    /// </summary>
    public OptionList<string> Train { get; init; } = [];

    /// <summary>The files to choose the best epoch by; an empty list takes <c>minival</c> or <c>val2014</c>, of GQA <c>testdev</c> or <c>testdev_balanced</c>.</summary>
    public OptionList<string> Val { get; init; } = [];

    /// <summary>The files to report on, or to predict for the benchmark's server; an empty list takes <c>test</c> or <c>test2015</c> where it and its pictures are there, of GQA none.</summary>
    public OptionList<string> Test { get; init; } = [];

    /// <summary>The folder of the pictures, in folders of its own as they are published; null where it is found beside the questions (<c>mscoco</c>, <c>images</c>).</summary>
    [OptionPath]
    public string? Images { get; init; }

    /// <summary>
    /// Where no <c>trainval_ans2label.json</c> lies beside the questions: how often an answer must be the right one, in train and val, to get into the table of answers;
    /// 0 for 9 of VQA, as is usual, and 1 of GQA.
    /// </summary>
    [OptionRange(0, 1_000_000)]
    public int LeastOccurrences { get; init; }

    /// <summary>
    /// Whether questions of which no answer stands in the table are left out, of training and of figures. The published code does so with GQA, so that its accuracy is
    /// a little too high; otherwise they count as wrong and nothing is right for them in training.
    /// </summary>
    public bool OnlyKnownAnswers { get; init; }

    /// <summary>Pixels of a picture's shorter side, and of the shorter side of the canvas on which it is centred; less for pictures that are longer than the canvas.</summary>
    [OptionRange(32, 1024, MultipleOf = 32)]
    public int ImageSize { get; init; } = 384;

    /// <summary>Pixels of the canvas's longer side, at least image_size.</summary>
    [OptionRange(32, 2048, MultipleOf = 32)]
    public int LongSide { get; init; } = 640;

    /// <summary>Tokens of a question, with those that open and close it: longer ones are cut, shorter ones padded.</summary>
    [OptionRange(3, 512)]
    public int QuestionTokens { get; init; } = 20;

    /// <summary><see cref="LeastOccurrences"/>, or what is usual.</summary>
    internal int Least => LeastOccurrences > 0 ? LeastOccurrences : Benchmark == QuestionBenchmark.Vqa ? 9 : 1;
}

/// <summary>A benchmark of questions about pictures.</summary>
public enum QuestionBenchmark
{
    /// <summary>VQAv2 (Goyal et al., arXiv 1612.00837): ten people answered, whom a question's score counts.</summary>
    Vqa,

    /// <summary>GQA (Hudson and Manning, arXiv 1902.09506): one answer is right.</summary>
    Gqa,
}
