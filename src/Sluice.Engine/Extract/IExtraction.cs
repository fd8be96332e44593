namespace Sluice.Engine.Extract;

/// <summary>One way of reading all records of a feed into its spool; goes on where a former run stopped.</summary>
internal interface IExtraction
{
    Task RunAsync(CancellationToken cancel);
}
