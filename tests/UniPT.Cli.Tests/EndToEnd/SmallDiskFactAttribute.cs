namespace UniPT.Cli.Tests.EndToEnd;

/// <summary>A test that needs a small disk; skipped, and counted so, where none can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute()
    {
        if (!SmallDisk.Available)
        {
            Skip = "No small disk can be mounted here.";
        }
    }
}
