using System.CommandLine;
using System.Text.RegularExpressions;
using Sluice.Cli.Pipelines;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Settings;
using Sluice.Settings.Pipelines;

namespace Sluice.Cli.Commands;

/// <summary>What <c>sluice init</c> needs to know, each by an option or by a question.</summary>
internal sealed partial class InitOptions
{
    private const string DestinationVariable = "SLUICE_DEST_URI";

    private readonly Option<string?> _workspace = Flag.Text(
        "--workspace", "NAME", "What the workspace is called in the file: letters, digits, _ and - [default: main]");
    private readonly Option<string?> _region = Flag.Text("--region", "us|eu", "Where the account lives [default: CUSTOMERIO_REGION, else us]");
    private readonly Option<string?> _key = Flag.Text(
        "--key-variable", "NAME", "The variable that holds the App API key [default: CUSTOMERIO_APP_API_KEY]");
    private readonly Option<string?> _destination = Flag.Text(
        "--dest-uri",
        "ADDRESS",
        "Where to, as for ingest, or a variable that holds the address, as '${WAREHOUSE}' [default: duckdb:///customerio.duckdb]");
    private readonly Option<string?> _tables = Flag.Text(
        "--tables", "TABLES", "Tables with commas, 'all', or 'default' (lists and deliveries, few requests) [default: default]");

    public void AddTo(Command command)
    {
        foreach (var option in new[] { _workspace, _region, _key, _destination, _tables })
        {
            command.Add(option);
        }
    }

    /// <summary>Takes what options say, asks for the rest if there is somebody to ask, and throws when something can't be.</summary>
    public InitAnswers Read(CommandRun run, InitQuestions? questions)
    {
        var mistakes = new ValidationErrors();
        string Value(Option<string?> option, string question, string otherwise, Func<string, ValidationErrors, bool> check)
        {
            if (!run.Flags.IsGiven(option) && questions is not null)
            {
                return questions.Ask(question, otherwise, check);
            }

            var value = (run.Flags.IsGiven(option) ? run.Flags.Text(option) : null) ?? otherwise;
            check(value, mistakes);
            return value;
        }

        var settings = run.Host.Settings;
        var answers = new InitAnswers(
            Value(_workspace, "A name for the workspace", "main", IsName),
            Value(_region, "Its region, us or eu", settings.Find("CUSTOMERIO_REGION") ?? "us", IsRegion),
            Value(_key, "The variable that holds its App API key (never the key itself)", "CUSTOMERIO_APP_API_KEY", IsVariable),
            Value(
                _destination,
                $"Where to, such as {string.Join(", ", DestinationRegistry.Examples.Take(3))}",
                settings.Find(DestinationVariable) is null ? "duckdb:///customerio.duckdb" : $"${{{DestinationVariable}}}",
                IsDestination),
            Value(_tables, "Which tables (names with commas, all, or default: lists and deliveries)", TableList.Default, AreTables))
        {
            MoreOfWorkspace = [.. WorkspaceSettings.Optional.Where(one => one.Key != "region" && settings.Find(one.Variable) is not null)],
        };
        mistakes.ThrowIfAny();
        return answers;
    }

    private static bool IsName(string text, ValidationErrors mistakes) =>
        Note(Name().IsMatch(text), $"A workspace can't be called '{text}'.", "Use letters, digits, _ and -.", mistakes);

    private static bool IsRegion(string text, ValidationErrors mistakes) =>
        Note(text is "us" or "eu", $"There is no region '{text}'.", "It is us or eu; Account Settings > Privacy shows the data center.", mistakes);

    // What was typed may be the key itself.
    private static bool IsVariable(string text, ValidationErrors mistakes) =>
        Note(
            Variable().IsMatch(text),
            "This is no name of a variable.",
            "Write the name as CUSTOMERIO_APP_API_KEY, in capitals and without $, not the key.",
            mistakes);

    private static bool IsDestination(string text, ValidationErrors mistakes)
    {
        var found = new ValidationErrors();
        if (!text.Contains("${", StringComparison.Ordinal))
        {
            found.Collect(() => DestinationRegistry.Identity(text), "");
        }

        found.MoveTo(mistakes);
        return !found.Any;
    }

    private static bool AreTables(string text, ValidationErrors mistakes)
    {
        var found = new ValidationErrors();
        TableList.Read(text, found);
        found.MoveTo(mistakes);
        return !found.Any;
    }

    private static bool Note(bool isGood, string message, string hint, ValidationErrors mistakes)
    {
        if (!isGood)
        {
            mistakes.Add(message, hint);
        }

        return isGood;
    }

    [GeneratedRegex("^[A-Za-z0-9_-]+$", RegexOptions.NonBacktracking)]
    private static partial Regex Name();

    [GeneratedRegex("^[A-Z_][A-Z0-9_]*$", RegexOptions.NonBacktracking)]
    private static partial Regex Variable();
}
