namespace UniPT.Tasks.Retrieval.Data;

/// <summary>A data set has problems: the first line says how many, the others name file, line and problem.</summary>
public sealed class DataSetException(string message) : UserException(message);
