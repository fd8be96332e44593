using System.Globalization;
using Sluice.Benchmarks;
using Sluice.Benchmarks.Destinations;
using Sluice.Benchmarks.Webhooks;

return args switch
{
    ["throughput", .. var rest] => await Throughput.RunAsync(rest),
    ["people"] => await Budget.PeopleAsync(),
    ["messages"] => await Budget.MessagesAsync(),
    ["memory", .. var sizes] => await Memory.RunAsync(sizes),
    ["destinations", .. { Length: > 1 } rest] => await DestinationRates.RunAsync(rest),
    ["destination-memory", .. { Length: > 1 } rest] => await Memory.RunAsync(rest[0], rest[1..]),
    ["export", .. var people] => await Exports.RunAsync(people),
    ["import", .. var people] => await Imports.RunAsync(people),
    ["workspaces", .. var people] => await Workspaces.RunAsync(people),
    ["plan", .. var sizes] => await PlanCost.RunAsync(sizes),
    ["query", .. var messages] => await Queries.RunAsync(messages),
    ["pages"] => await PageTimes.RunAsync(),
    ["webhooks", .. var choice] => await WebhookBench.RunAsync(choice),
    ["webhook-client", var address, var rate, var seconds] => await WebhookClient.RunAsync(
        address, int.Parse(rate, CultureInfo.InvariantCulture), int.Parse(seconds, CultureInfo.InvariantCulture)),
    ["kill", .. var choice] => await KillSeeds.RunAsync(choice),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        "usage: throughput [deliveries] | people | messages | memory [deliveries …] | destinations ROWS ADDRESS… | destination-memory ROWS " +
            "ADDRESS… | export [people] | import [people] | plan [CAMPAIGNS ACTIONS] | workspaces [people] | query [messages] | pages | webhooks [--rate N] [--seconds N] [--postgres ADDRESS] | kill [--seeds N] [--seed SEED]"
    );
    return 2;
}
