using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Sluice.Benchmarks.Kill;

/// <summary>Runs one seed: an undisturbed run to compare with, then the same command killed again and again until it may come to its end.</summary>
internal sealed class SeedRun
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private readonly Scenario _scenario;
    private readonly PretendAccount _account;
    private readonly RunPlace _twin;
    private readonly RunPlace _place;
    private readonly SeedResult _result;
    private HashSet<string> _seen = new(StringComparer.Ordinal);

    private SeedRun(Scenario scenario, PretendAccount account, string folder)
    {
        (_scenario, _account, _result) = (scenario, account, new SeedResult(scenario));
        _twin = new RunPlace(Path.Combine(folder, "undisturbed"), scenario, account.Address);
        _place = new RunPlace(Path.Combine(folder, "killed"), scenario, account.Address);
    }

    public static async Task<SeedResult> RunAsync(Scenario scenario, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("sluice-kill-").FullName;
        await using var account = await PretendAccount.StartAsync(scenario.World, cancel);
        var run = new SeedRun(scenario, account, folder);
        await run.PartsAsync(cancel);
        if (run._result.Differences.Count == 0)
        {
            Directory.Delete(folder, recursive: true);
        }
        else
        {
            run._result.Differences.Add($"kept to be looked at: {folder}");
        }

        return run._result;
    }

    private async Task PartsAsync(CancellationToken cancel)
    {
        var dice = new Random(_scenario.Seed);
        foreach (var (part, kills) in _scenario.Parts.Index())
        {
            if (part > 0)
            {
                await _account.ChangeAsync(dice, cancel);
            }

            if (await UndisturbedAsync(cancel) is not { } undisturbed || !await KilledAsync(kills, undisturbed, cancel))
            {
                return;
            }

            Comparison.Run(_scenario, _account.World, _place, _twin, isFirst: part == 0, _result);
        }
    }

    private async Task<Undisturbed?> UndisturbedAsync(CancellationToken cancel)
    {
        await _account.SetFaultsAsync([], cancel);
        var before = await _account.AnswersAsync(cancel);
        var watch = Stopwatch.StartNew();
        using var tool = _twin.Start();
        var end = await tool.EndAsync(cancel);
        var time = watch.Elapsed;
        if (end.Code != 0)
        {
            _result.Differences.Add($"the undisturbed run ended with {end.Code}: {end.Error}");
            return null;
        }

        var needed = await _account.AnswersAsync(cancel) - before;
        _result.Needed += needed;
        return new Undisturbed(time, needed);
    }

    private async Task<bool> KilledAsync(IReadOnlyList<KillPoint> kills, Undisturbed undisturbed, CancellationToken cancel)
    {
        await _account.SetFaultsAsync(_scenario.Faults, cancel);
        var start = await _account.AnswersAsync(cancel);
        var ledger = new RequestLedger(undisturbed.Answers, isLimited: _scenario.World.RequestsPerSecond > 0);
        _seen = new(StringComparer.Ordinal);
        ToolEnd? end = null;
        foreach (var kill in kills)
        {
            end = await AttemptAsync(kill, undisturbed, start, ledger, cancel);
            if (end is not null)
            {
                _result.TooLate++;
                break;
            }
        }

        end ??= await LastAsync(cancel);
        var asked = await _account.AnswersAsync(cancel) - start;
        _result.Asked += asked;
        if (asked > ledger.Allowed)
        {
            _result.Differences.Add(
                string.Create(CultureInfo.InvariantCulture, $"{asked} answers, where at most {ledger.Allowed} may be needed: {ledger}"));
        }

        return IsGood(end);
    }

    /// <summary>Starts the command and kills it; gives its end when it came first.</summary>
    private async Task<ToolEnd?> AttemptAsync(KillPoint kill, Undisturbed undisturbed, long start, RequestLedger ledger, CancellationToken cancel)
    {
        _result.Resumed += _place.Feeds().Count > 0 ? 1 : 0;
        using var tool = _place.Start();
        await WaitAsync(kill, tool, undisturbed, start, cancel);
        if (tool.HasEnded)
        {
            return await tool.EndAsync(cancel);
        }

        tool.Kill();
        var end = await tool.EndAsync(cancel);
        if (end.Code is 0 or 7)
        {
            return end;
        }

        var answers = await _account.AnswersAsync(cancel) - start;
        Note(answers == 0 ? "starting" : answers < undisturbed.Answers ? "reading" : "loading");
        Account(ledger, answers);
        return null;
    }

    // Pages are thrown away when everything is committed. A kill after that, but before the end, makes the same command a new run.
    private void Account(RequestLedger ledger, long answers)
    {
        var feeds = _place.Feeds();
        var gone = _seen.Any(feed => !feeds.Contains(feed)) || (feeds.Count == 0 && answers >= ledger.NextEnd);
        _seen = [.. feeds];
        ledger.Killed(feeds);
        if (gone)
        {
            ledger.BeginsAnew();
            _result.Finished++;
        }
    }

    private async Task<ToolEnd> LastAsync(CancellationToken cancel)
    {
        _result.Resumed += _place.Feeds().Count > 0 ? 1 : 0;
        using var tool = _place.Start();
        return await tool.EndAsync(cancel);
    }

    private async Task WaitAsync(KillPoint kill, ToolRun tool, Undisturbed undisturbed, long start, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var (most, answers) = (undisturbed.Time * kill.Share, (long)(undisturbed.Answers * Math.Min(1, kill.Share)));
        while (!tool.HasEnded && (kill.ByAnswers ? await _account.AnswersAsync(cancel) - start < answers : watch.Elapsed < most))
        {
            await Task.Delay(Look, cancel);
        }

        if (kill.ByAnswers)
        {
            for (watch.Restart(); !tool.HasEnded && watch.Elapsed < kill.Later;)
            {
                await Task.Delay(Look, cancel);
            }
        }
    }

    private bool IsGood(ToolEnd end)
    {
        if (end.Code != 0)
        {
            _result.Differences.Add($"the last run ended with {end.Code}: {end.Error}\n{end.Out}");
            return false;
        }

        using var report = JsonDocument.Parse(end.Out);
        var reported = report.RootElement.GetProperty("run_id").GetString();
        if (Comparison.LastRun(_place) != (reported, 0L))
        {
            _result.Differences.Add($"_sluice_runs ends with {Comparison.LastRun(_place)} instead of {reported}");
        }

        return true;
    }

    private void Note(string stage) => _result.Kills[stage] = _result.Kills.GetValueOrDefault(stage) + 1;
}
