using System.Reflection;
using System.Runtime.CompilerServices;
using UniPT.Training.Recipes;

namespace UniPT.Training.Contracts;

/// <summary>The tasks that recipes can name: those that come along, and whatever a program registers. Safe to use from several threads.</summary>
public static class TaskRegistry
{
    private static readonly Lock Gate = new();
    private static readonly OrderedDictionary<string, TaskRegistration> Known = new(StringComparer.Ordinal);
    private static bool Complete;

    /// <summary>All tasks by name, in the order of their registration.</summary>
    public static IReadOnlyDictionary<string, TaskRegistration> Tasks
    {
        get
        {
            AddThoseThatComeAlong();
            lock (Gate)
            {
                return new OrderedDictionary<string, TaskRegistration>(Known, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>Adds a task; recipes that are read afterwards may name it.</summary>
    /// <exception cref="UserException">The name is taken.</exception>
    public static void Register(TaskRegistration task)
    {
        lock (Gate)
        {
            if (!Known.TryAdd(task.Name, task))
            {
                throw new UserException($"There is a task {task.Name} already; register it once, or under another name.");
            }
        }
    }

    /// <summary>The task of a recipe.</summary>
    /// <exception cref="UserException">No task of that name is registered.</exception>
    public static LearningTask Create(Recipe recipe) => Get(recipe.Task.Name).Create(recipe);

    /// <summary>A registration by name.</summary>
    /// <exception cref="UserException">No task of that name is registered.</exception>
    public static TaskRegistration Get(string name) => Tasks.TryGetValue(name, out TaskRegistration? task)
        ? task
        : throw new UserException($"There is no task {name}; registered are {string.Join(", ", Tasks.Keys)}.");

    // UniPT.Tasks stands above this assembly, which therefore cannot name its types; it registers its tasks when it is loaded. A
    // program without it has its own tasks only.
    private static void AddThoseThatComeAlong()
    {
        if (Volatile.Read(ref Complete))
        {
            return;
        }

        try
        {
            RuntimeHelpers.RunModuleConstructor(Assembly.Load("UniPT.Tasks").ManifestModule.ModuleHandle);
        }
        catch (FileNotFoundException)
        {
            // Not part of this program.
        }

        Volatile.Write(ref Complete, true);
    }
}
