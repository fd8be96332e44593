using System.Text;
using System.Text.Json;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Load;

namespace Sluice.Cli.Output;

/// <summary>Models as text: what became of them in a destination, and what each is.</summary>
internal static class ModelView
{
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>One line that says how many models were made, and where; none when there were none.</summary>
    public static IEnumerable<string> Summary(IReadOnlyList<ModelReport> models)
    {
        var made = models.Where(model => model.Outcome == ModelOutcome.Made).ToList();
        return made.Count == 0
            ? []
            : [$"{NumberFormat.Count(made.Count)} model{(made.Count == 1 ? "" : "s")}, as {made[0].View}; 'sluice models --list' tells what each is"];
    }

    /// <summary>Tells what is lacking and what was left alone.</summary>
    public static void Explain(IReadOnlyList<ModelReport> models, Messages messages)
    {
        foreach (var model in models)
        {
            if (model.Outcome == ModelOutcome.Taken)
            {
                messages.Warn(
                    $"The model {model.Name} was not made: {model.View} is there and was not made by Sluice.",
                    "Rename or drop it, then run 'sluice models'.");
            }

            foreach (var lack in model.Lacks)
            {
                messages.Info($"The model {model.Name} {(model.Outcome == ModelOutcome.Lacking ? "was not made" : "is there")}: {lack}.");
            }
        }
    }

    public static string Table(IReadOnlyList<ModelReport> models)
    {
        var table = new TextTable("model", "view", "outcome");
        foreach (var model in models)
        {
            table.Add(model.Name, model.View, Outcome(model.Outcome));
        }

        return table.ToString();
    }

    public static string List()
    {
        var table = new TextTable("model", "what a row is", "made from");
        foreach (var model in ModelDocumentation.All)
        {
            table.Add(model.Name, FirstSentence(model.Doc), string.Join(", ", model.Needs.Select(group => string.Join(" or ", group))));
        }

        return table.ToString();
    }

    public static string Describe(ModelDescription model, string dialect)
    {
        var table = new TextTable("column", "type", "what it means");
        foreach (var column in model.Columns)
        {
            table.Add(column.Name, Word(column.Type), column.Doc);
        }

        return $"{model.Name}: {model.Doc}\n\n{table}\n{ModelDocumentation.Sql(model.Name, dialect)}\n";
    }

    public static string Json(IReadOnlyList<ModelReport> models) => JsonSerializer.Serialize(
        models.Select(model => new { model.Name, model.View, Outcome = Outcome(model.Outcome), model.Lacks }), Snake) + "\n";

    /// <summary>All models as Markdown, for <c>docs/models.md</c>.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder("| model | what a row is | made from |\n| --- | --- | --- |\n");
        foreach (var model in ModelDocumentation.All)
        {
            text.Append($"| [{model.Name}](#{model.Name}) | {FirstSentence(model.Doc)} | {Sources(model)} |\n");
        }

        foreach (var model in ModelDocumentation.All)
        {
            text.Append($"\n## {model.Name}\n\n{model.Doc}\n\nMade from {Sources(model)}");
            text.Append(Uses(model));
            text.Append("\n| column | type | what it means |\n| --- | --- | --- |\n");
            foreach (var column in model.Columns)
            {
                text.Append($"| {column.Name} | {Word(column.Type)} | {column.Doc} |\n");
            }
        }

        return text.ToString();
    }

    private static string Uses(ModelDescription model) =>
        model.Uses.Count == 0 ? ".\n" : $"; names and more from {string.Join(", ", model.Uses.Select(name => $"`{name}`"))} if there.\n";

    private static string Sources(ModelDescription model) =>
        string.Join(" and ", model.Needs.Select(group => string.Join(" or ", group.Select(name => $"`{name}`"))));

    private static string FirstSentence(string doc) => doc.Split(". ")[0].Split(": ")[0].TrimEnd('.');

    private static string Outcome(ModelOutcome outcome) => outcome switch
    {
        ModelOutcome.Made => "made",
        ModelOutcome.Taken => "name is taken",
        _ => "tables are lacking",
    };

    private static string Word(object type) => type.ToString()!.ToLowerInvariant();
}
