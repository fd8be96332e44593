namespace Sluice.Data;

/// <summary>
/// Waits for what is asynchronous where ADO.NET has no other way; the work is done on a pool thread, so that no thread of a window waits for itself.
/// </summary>
internal static class Blocking
{
    public static void Run(Func<Task> work) => Task.Run(work).GetAwaiter().GetResult();

    public static T Run<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();
}
