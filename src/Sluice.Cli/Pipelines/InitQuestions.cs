using Sluice.Engine;

namespace Sluice.Cli.Pipelines;

/// <summary>Asks questions in a terminal, each until the answer is valid.</summary>
internal sealed class InitQuestions(TextReader answers, TextWriter questions)
{
    /// <summary>Asks a question; an empty answer selects the default.</summary>
    public string Ask(string question, string otherwise, Func<string, ValidationErrors, bool> check)
    {
        while (true)
        {
            questions.Write($"{question} [{otherwise}]: ");
            questions.Flush();
            var line =
                answers.ReadLine()
                ?? throw new SluiceException(
                    SluiceErrorKind.Cancelled, "The questions were not answered, and nothing was written.", "--yes asks nothing.");
            var answer = line.Trim() is { Length: > 0 } said ? said : otherwise;
            var mistakes = new ValidationErrors();
            if (check(answer, mistakes))
            {
                return answer;
            }

            foreach (var error in mistakes.Found)
            {
                questions.WriteLine($"  {error.Message} {error.Hint}".TrimEnd());
            }
        }
    }
}
