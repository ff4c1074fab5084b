namespace UniPT.Training.Reports.Figures;

/// <summary>What a method was trained under; figures compare on equal terms where these are equal.</summary>
/// <param name="Epochs">Epochs.</param>
/// <param name="BatchSize">Pairs a step.</param>
/// <param name="ImageSize">Pixels across and down.</param>
/// <param name="CaptionLength">Tokens of the longest caption.</param>
/// <param name="DataType">The type that is computed in, such as <c>float32</c>.</param>
/// <param name="Threads">Threads of the tensor library.</param>
/// <param name="Libtorch">Version of the tensor library.</param>
public sealed record TrainingConditions(
    int Epochs, int BatchSize, int ImageSize, int CaptionLength, string DataType, int Threads, string Libtorch);
