using System.Globalization;
using System.Text;
using System.Text.Json;
using Sluice.CustomerIo;
using Sluice.Engine;

namespace Sluice.Cli.Output;

/// <summary>Messages on stderr, as text or as JSON lines; thread-safe.</summary>
internal sealed class Messages(TextWriter error, bool json, bool debug, TimeProvider time)
{
    private static readonly TimeSpan BetweenOverdue = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private long? _overdueAt;
    private OverdueAnswer? _overdue;
    private long _pagesWhenOverdue;

    public bool IsJson => json;

    public bool IsDebug => debug;

    /// <summary>Replaces the writer while something else, such as a live table, owns the terminal.</summary>
    public Action<string>? Writer { get; set; }

    public void Info(string text) => Say("info", text, null, VisibleText.Line(text));

    public void Warn(string text, string? hint = null) => Say("warning", text, hint, $"warning: {VisibleText.Line(text)}");

    /// <summary>The client's messages end with the hint, which is printed separately here.</summary>
    public static string WithoutHint(string text, string? hint) =>
        hint is not null && text.EndsWith(hint, StringComparison.Ordinal) ? text[..^hint.Length].TrimEnd() : text;

    public void Error(string text, string? hint = null)
    {
        var alone = WithoutHint(text, hint);
        Say("error", alone, hint, $"error: {alone}");
    }

    /// <summary>Says something that only --debug shows.</summary>
    public void Debug(string text)
    {
        if (debug)
        {
            Say("debug", text, null, $"debug: {VisibleText.Line(text)}");
        }
    }

    public void Error(SluiceException exception)
    {
        Error(exception.Message, exception.Hint);
        DebugStack(exception);
    }

    public void Unexpected(Exception exception)
    {
        if (OpenFileLimit.IsReached(exception))
        {
            Error("Too many open files.", OpenFileLimit.Hint);
        }
        else if (IsOutOfMemory(exception))
        {
            Error("The process ran out of memory.", "Give it more, or read fewer tables at once; then run the same command again: it goes on.");
        }
        else
        {
            Error($"{exception.GetType().Name}: {exception.Message}", debug ? null : "This was not foreseen: --debug shows where it came from.");
        }

        DebugStack(exception);
    }

    private static bool IsOutOfMemory(Exception? exception) =>
        exception is OutOfMemoryException || (exception is not null && IsOutOfMemory(exception.InnerException));

    public void Attempt(AttemptRecord attempt)
    {
        if (debug)
        {
            var text = AttemptText.Of(attempt);
            Say("debug", text, null, $"debug: {VisibleText.Line(text)}");
        }
    }

    /// <summary>
    /// Says what is waited for; of many requests that wait at the same time one is enough. A live table shows it until pages come again.
    /// </summary>
    public void Overdue(OverdueAnswer answer)
    {
        lock (_gate)
        {
            if (Writer is not null)
            {
                (_overdue, _overdueAt, _pagesWhenOverdue) = (answer, time.GetTimestamp(), -1);
                return;
            }

            if (_overdueAt is { } last && time.GetElapsedTime(last) < BetweenOverdue)
            {
                return;
            }

            _overdueAt = time.GetTimestamp();
        }

        Info(AttemptText.Of(answer));
    }

    /// <summary>What is waited for, by the last that was said of it; null once pages come again or nobody has said more for long.</summary>
    /// <param name="pages">The pages that have come so far.</param>
    public string? Waiting(long pages)
    {
        lock (_gate)
        {
            if (_overdue is null || _overdueAt is not { } at)
            {
                return null;
            }

            _pagesWhenOverdue = _pagesWhenOverdue < 0 ? pages : _pagesWhenOverdue;
            var since = time.GetElapsedTime(at);
            if (pages > _pagesWhenOverdue || since > BetweenOverdue + BetweenOverdue)
            {
                _overdue = null;
                return null;
            }

            return AttemptText.Of(_overdue with { Since = _overdue.Since + since });
        }
    }

    /// <summary>Writes an event, as JSON with the given fields or as the given text.</summary>
    public void Event(string name, string text, Action<Utf8JsonWriter> fields)
    {
        if (json)
        {
            Write(Object("info", writer =>
            {
                writer.WriteString("event", name);
                fields(writer);
            }));
        }
        else
        {
            Write(text);
        }
    }

    /// <summary>Says where an error came from, which only --debug shows.</summary>
    public void DebugStack(Exception exception)
    {
        if (debug)
        {
            var text = exception.ToString();
            Say("debug", text, null, text);
        }
    }

    private void Say(string level, string message, string? hint, string text)
    {
        if (json)
        {
            Write(Object(level, writer =>
            {
                writer.WriteString("message", message);
                if (hint is not null)
                {
                    writer.WriteString("hint", hint);
                }
            }));
        }
        else
        {
            Write(hint is null ? text : $"{text}\n  {hint}");
        }
    }

    private string Object(string level, Action<Utf8JsonWriter> fields)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, JsonOutput.OneLine))
        {
            writer.WriteStartObject();
            writer.WriteString("time", time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
            writer.WriteString("level", level);
            fields(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private void Write(string line)
    {
        lock (_gate)
        {
            if (Writer is { } writer)
            {
                writer(VisibleText.Lines(line));
            }
            else
            {
                error.WriteLine(line);
            }
        }
    }
}

/// <summary>One HTTP attempt on one line.</summary>
internal static class AttemptText
{
    public static string Of(OverdueAnswer answer) => string.Create(
        CultureInfo.InvariantCulture,
        $"Waiting for {answer.Server}: {answer.Endpoint} has no answer after {answer.Since.TotalSeconds:0} s{Before(answer)}");

    private static string Before(OverdueAnswer answer) => answer.LastFailure is { } failure
        ? string.Create(CultureInfo.InvariantCulture, $", attempt {answer.Attempt}; the one before: {failure}")
        : ".";

    public static string Of(AttemptRecord attempt)
    {
        var query = attempt.Query.Length > 0 ? $"?{attempt.Query}" : "";
        var end = attempt.Error is { } error ? $"{error}{(attempt.Detail is { } detail ? $" ({detail})" : "")}" : "ok";
        var retry = attempt.RetryIn is { } wait ? string.Create(CultureInfo.InvariantCulture, $", again in {wait.TotalSeconds:0.0} s") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{attempt.Endpoint}{query} -> {attempt.Status?.ToString(CultureInfo.InvariantCulture) ?? "no answer"} {end}, attempt " +
                $"{attempt.Attempt}, {attempt.Duration.TotalMilliseconds:0} ms, {attempt.Bytes} bytes{retry}"
        );
    }
}
