using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using UniPT.Tasks.Grounding;
using UniPT.Tasks.Questions;
using UniPT.Tasks.Retrieval;
using UniPT.Tasks.Sounds;
using UniPT.Tasks.Texts;
using UniPT.Tasks.TextToText;
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
        // `unipt inspect` asks in this order; retrieval takes every folder with pictures for its own.
        TaskRegistry.Register(GroundingTask.Registration);
        TaskRegistry.Register(QuestionsTask.Registration);
        TaskRegistry.Register(VideoRetrievalTask.Registration);
        TaskRegistry.Register(RetrievalTask.Registration);
        TaskRegistry.Register(SoundsTask.Registration);
        TaskRegistry.Register(TextsTask.Registration);
        TaskRegistry.Register(TextToTextTask.Registration);
    }
}
