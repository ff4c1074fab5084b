using UniPT.Tasks.Questions;
using UniPT.Testing;
using UniPT.Testing.Published;
using UniPT.Torch;

namespace UniPT.Tasks.Tests.Questions;

public sealed class PretrainedAnswersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Table => _folder.File("sample", "data", "lxmert", "all_ans.json");

    private string Checkpoint => _folder.File("sample", "clip_vil.safetensors");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Yes.", "yes")]
    [InlineData("a cat", "cat")]
    [InlineData("an owl", "owl")]
    [InlineData("The dog", "dog")]
    [InlineData("a the dog", "dog")] // articles fall one after the other
    [InlineData("the a dog", "a dog")] // in this order only
    [InlineData("ten", "10")]
    [InlineData("zero", "zero")]
    [InlineData("grey", "gray")]
    [InlineData("a woman", "woman")]
    public void NamesInNormalForm(string answer, string normal) => Assert.Equal(normal, PretrainedAnswers.Normal(answer));

    [Fact]
    public void KnownAnswersHaveTheirRowsAndOthersZeros()
    {
        QuestionsSample.Write(_folder.File("sample"));
        using DisposeScope scope = torch.NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(Checkpoint);
        Dictionary<string, Tensor> head = Head(64, 4);
        Assert.Equal(3, PretrainedAnswers.Start(head, ["one", "elephant", "Yes.", "the red"], Table, Checkpoint));
        Assert.Equal(file.Read("answer_head.logit_fc.2.bias").ToArray<float>(), head["2.bias"].ToArray<float>());
        float[][] rows = [.. Enumerable.Range(0, 4).Select(row => head["3.weight"].select(0, row).ToArray<float>())];
        float[] biases = head["3.bias"].ToArray<float>();
        foreach ((int row, int place) in ((int, int)[])[(0, 4), (2, 0), (3, 2)])
        {
            Assert.Equal(file.Read("answer_head.logit_fc.3.weight").select(0, place).ToArray<float>(), rows[row]);
            Assert.Equal(file.Read("answer_head.logit_fc.3.bias").ToArray<float>()[place], biases[row]);
        }

        // The table has "a elephant": only the task's names are brought into normal form.
        Assert.All(rows[1].Append(biases[1]), weight => Assert.Equal(0, weight));
    }

    [Theory]
    [InlineData("{\"ans\": \"yes\"}", "is no answer; expected LXMERT's all_ans.json, a list as [{\"ans\": \"yes\", \"dsets\": [\"vqa\"]}]")]
    [InlineData("[\"yes\"]", "all_ans.json:1 (entry 1): is no answer")]
    [InlineData("[{\"ans\":\"yes\"},", "all_ans.json:1: is not valid JSON")]
    [InlineData("[]", "has no answers; expected")]
    [InlineData("[{\"ans\":\"1\"},{\"ans\":\"2\"},{\"ans\":\"3\"},{\"ans\":\"4\"},{\"ans\":\"5\"},{\"ans\":\"6\"},{\"ans\":\"7\"}]", "has 7 answers and the answer head in ")]
    public void ATableThatIsNone(string table, string problem)
    {
        QuestionsSample.Write(_folder.File("sample"));
        using DisposeScope scope = torch.NewDisposeScope();
        File.WriteAllText(Table, table);
        Assert.Contains(problem, Assert.ThrowsAny<UserException>(() => PretrainedAnswers.Start(Head(64, 4), ["1", "2", "3", "4"], Table, Checkpoint)).Message);
    }

    [Fact]
    public void AnotherWidthOrNoHeadAtAll()
    {
        QuestionsSample.Write(_folder.File("sample"));
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.Contains("the tensor 0.weight has the shape [128, 64], the model needs [64, 32]", Assert.Throws<UserException>(() => PretrainedAnswers.Start(Head(32, 1), ["yes"], Table, Checkpoint)).Message);
        string other = _folder.File("other.safetensors");
        SafetensorsWriter.Write(other, new Dictionary<string, Tensor> { ["weight"] = torch.ones(1) });
        Assert.Contains("has no tensor answer_head.logit_fc.0.weight, from which task.pretrained_answers starts", Assert.Throws<UserException>(() => PretrainedAnswers.Start(Head(64, 1), ["yes"], Table, other)).Message);
    }

    [Fact]
    public void TheTableLiesInTheDataOrBesideThem()
    {
        QuestionsSample.WriteData(_folder.File("sample", "data"), QuestionsLayout.Vqa);
        Assert.All((string[])[_folder.File("sample"), _folder.File("sample", "data"), _folder.File("sample", "data", "vqa")], path => Assert.Equal(Table, PretrainedAnswers.Find(path)));
        File.Delete(Table);
        Assert.Contains("lxmert/all_ans.json in ", Assert.Throws<UserException>(() => PretrainedAnswers.Find(_folder.File("sample", "data"))).Message);
    }

    private static Dictionary<string, Tensor> Head(long width, long answers) => new()
    {
        ["0.weight"] = torch.ones(2 * width, width),
        ["0.bias"] = torch.ones(2 * width),
        ["2.weight"] = torch.ones(2 * width),
        ["2.bias"] = torch.ones(2 * width),
        ["3.weight"] = torch.ones(answers, 2 * width),
        ["3.bias"] = torch.ones(answers),
    };
}
