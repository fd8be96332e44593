using Sluice.Benchmarks;

return args switch
{
    ["throughput", .. var rest] => await Throughput.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: bench throughput [messages]");
    return 2;
}
