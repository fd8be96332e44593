namespace Sluice.Simulator.Data;

internal enum ParentKind
{
    Campaign,
    Broadcast,
    Newsletter,
    Transactional,
}
