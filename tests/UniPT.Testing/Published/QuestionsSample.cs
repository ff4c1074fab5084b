using System.Text.Json.Nodes;
using UniPT.Backbones.Bert;
using UniPT.Backbones.Clip;
using UniPT.Backbones.ClipVil;
using UniPT.Testing.World;
using UniPT.Torch;

namespace UniPT.Testing.Published;

/// <summary>The folder layouts in which questions about pictures are published.</summary>
public enum QuestionsLayout
{
    /// <summary>VQAv2 as LXMERT and Clip-ViL read it.</summary>
    Vqa,

    /// <summary>GQA as LXMERT and Clip-ViL read it.</summary>
    Gqa,

    /// <summary>VQAv2 as it is released.</summary>
    VqaRelease,

    /// <summary>GQA as it is released.</summary>
    GqaRelease,
}

/// <summary>Questions about made scenes, across and upright, in the published formats, with a small Clip-ViL of random weights under its published names.</summary>
public static class QuestionsSample
{
    /// <summary>Questions to train on.</summary>
    public const int TrainQuestions = 60;

    /// <summary>Questions of val; of test there are as many.</summary>
    public const int ValQuestions = 16;

    private const int PerScene = 4;
    private const int People = 10;
    private const int Width = 64;
    private static readonly float[] Scores = [0, 0.3f, 0.6f, 0.9f, 1];

    /// <summary>Answers of the pretraining's table, in its spelling.</summary>
    public static IReadOnlyList<string> PretrainedAnswers { get; } = ["yes", "no", "red", "purple", "1", "a elephant"];

    /// <summary>Writes data, weights, vocabulary and a recipe below a folder.</summary>
    /// <returns>The recipe: two epochs of UniPT in the published form.</returns>
    public static string Write(string folder, QuestionsLayout layout = QuestionsLayout.Vqa)
    {
        WriteData(Path.Combine(folder, "data"), layout);
        File.WriteAllLines(Path.Combine(folder, "vocab.txt"), ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. SceneTexts.Words().Distinct()]);
        WriteWeights(Path.Combine(folder, "clip_vil.safetensors"), 5 + SceneTexts.Words().Distinct().Count());
        string recipe = Path.Combine(folder, "recipe.yaml");
        File.WriteAllText(recipe, $"""
            name: questions-sample
            threads: 1
            task:
              name: questions
            data:
              benchmark: {(layout is QuestionsLayout.Vqa or QuestionsLayout.VqaRelease ? "vqa" : "gqa")}
              path: data
              image_size: 64
              long_side: 96
              question_tokens: 14
              least_occurrences: 2
            backbones:
              joint:
                architecture: clip_vil
                weights: clip_vil.safetensors
                vocabulary: vocab.txt
            method:
              name: unipt
              form: clip_vil
              reduction: 2
            train:
              epochs: 2
              batch_size: 12
              learning_rate: 1e-3
              clip_norm: 1

            """);
        return recipe;
    }

    /// <summary>Writes the data alone, with the table of the pretraining's answers.</summary>
    public static void WriteData(string data, QuestionsLayout layout)
    {
        if (layout is QuestionsLayout.Vqa or QuestionsLayout.VqaRelease)
        {
            WriteVqa(data, layout == QuestionsLayout.VqaRelease);
        }
        else
        {
            WriteGqa(data, layout == QuestionsLayout.GqaRelease);
        }

        Write(Path.Combine(data, "lxmert", "all_ans.json"), new JsonArray([.. PretrainedAnswers.Select(answer => new JsonObject { ["ans"] = answer, ["dsets"] = new JsonArray("vqa") })]));
    }

    /// <summary>The scene of a number: every other one is upright.</summary>
    public static Scene SceneOf(int number) => number % 2 == 0 ? Scene.Make(number, 96, 64) : Scene.Make(number, 64, 96);

    /// <summary>What ten people answer to a question: most of them the right answer.</summary>
    public static IReadOnlyList<string> Answers(Question question, int number)
    {
        string other = question.Answer switch
        {
            "yes" => "no",
            "no" => "yes",
            _ => Scene.Colours.Contains(question.Answer) ? Scene.Colours[(Scene.Colours.ToList().IndexOf(question.Answer) + 1) % Scene.Colours.Count] : "yes",
        };
        int others = number % 4;
        return [.. Enumerable.Range(0, People).Select(person => person < People - others ? question.Answer : other)];
    }

    /// <summary>The first questions of scenes, each with a number of its own.</summary>
    /// <param name="firstScene">The first scene.</param>
    /// <param name="count">How many questions.</param>
    public static IReadOnlyList<(int Number, int Scene, Question Question)> Questions(int firstScene, int count) =>
    [
        .. Enumerable.Range(firstScene, 1000).SelectMany(scene => SceneOf(scene).Questions().Take(PerScene).Select((question, i) => ((100 * scene) + i, scene, question))).Take(count),
    ];

    private static void WriteVqa(string data, bool release)
    {
        (string Name, string Set, bool Answered, IReadOnlyList<(int Number, int Scene, Question Question)> Questions)[] parts = release
            ?
            [
                ("train2014", "train2014", true, Questions(0, TrainQuestions)), ("val2014", "val2014", true, Questions(100, ValQuestions)), ("test2015", "test2015", false, Questions(200, ValQuestions)),
            ]
            :
            [
                ("train", "train2014", true, Questions(0, TrainQuestions - ValQuestions)), ("nominival", "val2014", true, Questions(50, ValQuestions)),
                ("minival", "val2014", true, Questions(100, ValQuestions)), ("test", "test2015", false, Questions(200, ValQuestions)),
            ];
        foreach ((string name, string set, bool answered, IReadOnlyList<(int Number, int Scene, Question Question)> questions) in parts)
        {
            foreach (int scene in questions.Select(question => question.Scene).Distinct())
            {
                WriteBytes(Path.Combine(data, "mscoco", set, $"COCO_{set}_{scene:d12}.jpg"), SceneOf(scene).Jpeg());
            }

            if (!release)
            {
                Write(Path.Combine(data, "vqa", $"{name}.json"), new JsonArray([.. questions.Select(question => OfLxmert(question, $"COCO_{set}_{question.Scene:d12}", answered, VqaLabel))]));
                continue;
            }

            Write(Path.Combine(data, "vqa", $"v2_OpenEnded_mscoco_{name}_questions.json"), new JsonObject
            {
                ["info"] = new JsonObject { ["version"] = "2.0" },
                ["task_type"] = "Open-Ended",
                ["data_subtype"] = name,
                ["questions"] = new JsonArray([.. questions.Select(question => new JsonObject { ["image_id"] = question.Scene, ["question"] = question.Question.Text, ["question_id"] = question.Number })]),
            });
            if (answered)
            {
                Write(Path.Combine(data, "vqa", $"v2_mscoco_{name}_annotations.json"), new JsonObject
                {
                    ["info"] = new JsonObject { ["version"] = "2.0" },
                    ["annotations"] = new JsonArray([.. questions.Select(question => Annotation(question))]),
                    ["data_subtype"] = name,
                });
            }
        }

        if (!release)
        {
            WriteTable(Path.Combine(data, "vqa"), [.. parts.SelectMany(part => part.Questions).SelectMany(question => Answers(question.Question, question.Number)).Distinct().Order(StringComparer.Ordinal)]);
        }
    }

    private static void WriteGqa(string data, bool release)
    {
        string folder = Path.Combine(data, "gqa");
        (string Name, IReadOnlyList<(int Number, int Scene, Question Question)> Questions)[] parts =
        [
            (release ? "train_balanced" : "train", Questions(0, TrainQuestions - ValQuestions)), (release ? "val_balanced" : "valid", Questions(50, ValQuestions)),
            (release ? "testdev_balanced" : "testdev", Questions(100, ValQuestions)),
        ];
        foreach ((string name, IReadOnlyList<(int Number, int Scene, Question Question)> questions) in parts)
        {
            foreach (int scene in questions.Select(question => question.Scene).Distinct())
            {
                WriteBytes(Path.Combine(folder, "images", $"{GqaImage(scene)}.jpg"), SceneOf(scene).Jpeg());
            }

            if (!release)
            {
                Write(Path.Combine(folder, $"{name}.json"), new JsonArray([.. questions.Select(question => OfLxmert(question, GqaImage(question.Scene), true, GqaLabel))]));
                continue;
            }

            Write(Path.Combine(folder, $"{name}_questions.json"), new JsonObject(questions.Select(question => KeyValuePair.Create(GqaId(question.Number), (JsonNode?)OfGqa(question, questions)))));
            Write(Path.Combine(folder, $"{name.Split('_')[0]}_choices.json"), new JsonObject(questions.Select(question => KeyValuePair.Create(GqaId(question.Number), (JsonNode?)Choices(question.Question)))));
        }

        if (!release)
        {
            WriteTable(folder, [.. parts[0].Questions.Concat(parts[1].Questions).Select(question => question.Question.Answer).Distinct().Order(StringComparer.Ordinal)]);
        }
    }

    // A number of Visual Genome, or one with an n.
    private static string GqaImage(int scene) => scene % 3 == 0 ? $"n{scene + 1000}" : $"{scene + 2_300_000}";

    private static string GqaId(int number) => $"{number:d8}";

    private static JsonObject OfLxmert((int Number, int Scene, Question Question) question, string image, bool answered, Func<(int Number, int Scene, Question Question), JsonObject> label)
    {
        var entry = new JsonObject { ["img_id"] = image, ["question_id"] = label == GqaLabel ? GqaId(question.Number) : question.Number, ["sent"] = question.Question.Text };
        if (answered)
        {
            entry["label"] = label(question);
        }

        return entry;
    }

    private static JsonObject VqaLabel((int Number, int Scene, Question Question) question) =>
        new(Answers(question.Question, question.Number).CountBy(answer => answer).Select(vote => KeyValuePair.Create(vote.Key, (JsonNode?)Scores[Math.Min(vote.Value, Scores.Length - 1)])));

    private static JsonObject GqaLabel((int Number, int Scene, Question Question) question) => new() { [question.Question.Answer] = 1.0 };

    private static JsonObject Annotation((int Number, int Scene, Question Question) question) => new()
    {
        ["question_id"] = question.Number,
        ["image_id"] = question.Scene,
        ["question_type"] = string.Join(' ', question.Question.Text.Split(' ').Take(2)).ToLowerInvariant(),
        ["answer_type"] = question.Question.Answer is "yes" or "no" ? "yes/no" : char.IsAsciiDigit(question.Question.Answer[0]) ? "number" : "other",
        ["multiple_choice_answer"] = question.Question.Answer,
        ["answers"] = new JsonArray([.. Answers(question.Question, question.Number).Select((answer, person) => new JsonObject { ["answer"] = answer, ["answer_confidence"] = "yes", ["answer_id"] = person + 1 })]),
    };

    private static JsonObject OfGqa((int Number, int Scene, Question Question) question, IReadOnlyList<(int Number, int Scene, Question Question)> all)
    {
        // What follows from a thing's colour is that there is such a thing.
        (string text, string answer) = (question.Question.Text, question.Question.Answer);
        string? follows = text.StartsWith("What color is the ", StringComparison.Ordinal) ? $"Is there a {answer} {text[18..^1]}?" : null;
        IEnumerable<string> entailed = all.Where(other => other.Scene == question.Scene && (other.Number == question.Number || other.Question.Text == follows)).Select(other => GqaId(other.Number));
        return new JsonObject
        {
            ["semantic"] = new JsonArray(new JsonObject { ["operation"] = "select", ["dependencies"] = new JsonArray(), ["argument"] = "thing" }),
            ["entailed"] = new JsonArray([.. entailed.Select(id => (JsonNode?)id)]),
            ["equivalent"] = new JsonArray(GqaId(question.Number)),
            ["question"] = text,
            ["imageId"] = GqaImage(question.Scene),
            ["isBalanced"] = true,
            ["groups"] = new JsonObject { ["global"] = question.Question.Group, ["local"] = null },
            ["answer"] = answer,
            ["fullAnswer"] = $"It is {answer}.",
            ["types"] = new JsonObject { ["structural"] = question.Question.Structural, ["semantic"] = question.Question.Semantic, ["detailed"] = $"{question.Question.Semantic}{question.Question.Structural}" },
        };
    }

    private static JsonObject Choices(Question question)
    {
        string[] valid = question.Group switch
        {
            "color" => [.. Scene.Colours],
            "shape" => [.. Scene.Shapes],
            _ => question.Answer is "yes" or "no" ? ["yes", "no"] : ["1", "2", "3"],
        };
        return new JsonObject { ["valid"] = new JsonArray([.. valid.Select(answer => (JsonNode?)answer)]), ["plausible"] = new JsonArray([.. valid.Where(answer => answer != "purple" || answer == question.Answer).Select(answer => (JsonNode?)answer)]) };
    }

    private static void WriteTable(string folder, IReadOnlyList<string> answers)
    {
        Write(Path.Combine(folder, "trainval_label2ans.json"), new JsonArray([.. answers.Select(answer => (JsonNode?)answer)]));
        Write(Path.Combine(folder, "trainval_ans2label.json"), new JsonObject(answers.Select((answer, place) => KeyValuePair.Create(answer, (JsonNode?)place))));
    }

    private static void WriteWeights(string path, int vocabulary)
    {
        Weights fresh = Weights.Fresh(3);
        using WeightStore store = fresh.Store;
        using DisposeScope scope = torch.NewDisposeScope();
        _ = new ClipVilEncoder(fresh / "bert", new ClipVilConfig
        {
            Image = new ClipResNetConfig { Blocks = [1, 1, 1, 1], Width = 4, Heads = 2 },
            Joint = new BertConfig { Vocabulary = vocabulary, Width = Width, Layers = 3, Heads = 1, FeedForward = 64, Positions = 16 },
            GridPositions = 3,
        });
        KeepPicturesApart(store);
        Weights head = fresh / "answer_head" / "logit_fc";
        Initializer normal = Initializers.Normal(0.02);
        (int hidden, int answers) = (2 * Width, PretrainedAnswers.Count);
        head.Parameter("0.weight", normal, hidden, Width);
        head.Parameter("0.bias", normal, hidden);
        head.Parameter("2.weight", normal, hidden);
        head.Parameter("2.bias", normal, hidden);
        head.Parameter("3.weight", normal, answers, hidden);
        head.Parameter("3.bias", normal, answers);
        SafetensorsWriter.Write(path, store.State());
    }

    /// <summary>Through maps as small as PyTorch starts them nothing of a picture would be left after a few layers; these keep it.</summary>
    private static void KeepPicturesApart(WeightStore store)
    {
        using IDisposable unrecorded = torch.no_grad();
        foreach ((string name, Tensor weight) in store.Parameters)
        {
            if (weight.dim() == 4 || name.Contains(".attention.", StringComparison.Ordinal))
            {
                weight.mul_(Scalars.Of(3));
            }
        }
    }

    private static void Write(string path, JsonNode content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content.ToJsonString());
    }

    private static void WriteBytes(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }
}
