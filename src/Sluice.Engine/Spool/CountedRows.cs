namespace Sluice.Engine.Spool;

/// <summary>What Customer.io says a walk has beside what came.</summary>
internal sealed record CountedRows(string Walk, long Expected, long Rows);
