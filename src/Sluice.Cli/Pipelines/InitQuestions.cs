using Sluice.Engine;
using Sluice.Engine.Config;

namespace Sluice.Cli.Pipelines;

/// <summary>Asks in a terminal, again until an answer will do.</summary>
internal sealed class InitQuestions(TextReader answers, TextWriter questions)
{
    /// <summary>Asks for one thing; an empty answer is the default.</summary>
    public string Ask(string question, string otherwise, Func<string, Mistakes, bool> check)
    {
        while (true)
        {
            questions.Write($"{question} [{otherwise}]: ");
            questions.Flush();
            var line = answers.ReadLine() ?? throw new SluiceException(SluiceErrorKind.Cancelled, "The questions were not answered, and nothing was written.", "--yes asks nothing.");
            var answer = line.Trim() is { Length: > 0 } said ? said : otherwise;
            var mistakes = new Mistakes();
            if (check(answer, mistakes))
            {
                return answer;
            }

            foreach (var (message, hint) in mistakes.Found)
            {
                questions.WriteLine($"  {message} {hint}".TrimEnd());
            }
        }
    }
}
