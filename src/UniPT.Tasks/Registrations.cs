using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using UniPT.Tasks.Retrieval;
using UniPT.Tasks.Sounds;
using UniPT.Tasks.Texts;
using UniPT.Tasks.VideoRetrieval;
using UniPT.Training.Contracts;

namespace UniPT.Tasks;

/// <summary>The tasks that come along.</summary>
internal static class Registrations
{
    /// <summary>Registers them; <see cref="TaskRegistry"/> loads this assembly when it is first asked for tasks.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255:The 'ModuleInitializer' attribute should not be used in libraries", Justification = "What it does is idle until a task is asked for.")]
    internal static void Register()
    {
        TaskRegistry.Register(VideoRetrievalTask.Registration);
        TaskRegistry.Register(RetrievalTask.Registration);
        TaskRegistry.Register(SoundsTask.Registration);
        TaskRegistry.Register(TextsTask.Registration);
    }
}
