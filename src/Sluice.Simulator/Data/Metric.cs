namespace Sluice.Simulator.Data;

/// <summary>What can happen to a delivery, in the order in which the API lists it.</summary>
internal enum Metric
{
    Attempted,
    Bounced,
    Clicked,
    HumanClicked,
    PrefetchClicked,
    Converted,
    Created,
    Deferred,
    Delivered,
    Drafted,
    Dropped,
    Failed,
    Opened,
    HumanOpened,
    PrefetchOpened,
    Sent,
    Spammed,
    Suppressed,
    Undeliverable,
    TopicUnsubscribed,
    Unsubscribed,
}
