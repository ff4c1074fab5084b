namespace UniPT.Reports.Figures;

/// <summary>What took part in a measurement, such as the processor, libtorch or the BLAS.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Version">Its version or make.</param>
public sealed record ComponentVersion(string Name, string Version);
