namespace UniPT.Reports.Figures;

/// <summary>The data set that was adapted to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TrainPictures">Pictures to train on.</param>
/// <param name="ValidationPictures">Pictures to choose the best epoch by.</param>
/// <param name="TestPictures">Pictures that all recalls are stated for.</param>
/// <param name="TestCaptions">Captions of the test pictures.</param>
/// <param name="Credit">Whose pictures they are and under which licence.</param>
public sealed record DataFacts(
    string Name, int TrainPictures, int ValidationPictures, int TestPictures, int TestCaptions, string? Credit = null);
