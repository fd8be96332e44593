using Sluice.Benchmarks;

return args switch
{
    ["throughput", .. var rest] => await Throughput.RunAsync(rest),
    ["people"] => await Budget.PeopleAsync(),
    ["messages"] => await Budget.MessagesAsync(),
    ["memory", .. var sizes] => await Memory.RunAsync(sizes),
    ["kill", .. var choice] => await KillSeeds.RunAsync(choice),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: throughput [deliveries] | people | messages | memory [deliveries …] | kill [--seeds N] [--seed SEED]");
    return 2;
}
