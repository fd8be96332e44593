namespace Sluice.DuckDb.Native;

internal enum NativeState
{
    Success = 0,
    Error = 1,
}
