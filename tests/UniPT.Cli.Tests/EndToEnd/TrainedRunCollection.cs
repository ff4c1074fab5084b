namespace UniPT.Cli.Tests.EndToEnd;

/// <summary>Tests of what can be done with a finished run.</summary>
[CollectionDefinition(Name)]
public sealed class TrainedRunCollection : ICollectionFixture<TrainedRun>
{
    public const string Name = "trained run";
}
