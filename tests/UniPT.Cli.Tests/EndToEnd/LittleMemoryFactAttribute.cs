namespace UniPT.Cli.Tests.EndToEnd;

/// <summary>A test that limits the memory of a process; skipped, and counted so, where that cannot be done.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LittleMemoryFactAttribute : FactAttribute
{
    public LittleMemoryFactAttribute()
    {
        if (!LittleMemory.Available)
        {
            Skip = "The memory of a process cannot be limited here.";
        }
    }
}
