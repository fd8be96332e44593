namespace Sluice.Simulator.Http;

/// <summary>Who may call a route, and which budget it counts against.</summary>
internal enum Access
{
    App,
    AppSend,
    AppTrigger,
    AppArchive,
    Open,
    Track,
    TrackOpen,
    Control,
}
