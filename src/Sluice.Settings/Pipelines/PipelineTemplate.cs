using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Settings.Pipelines;

/// <summary>Generates a commented pipeline file as a starting point.</summary>
public static partial class PipelineTemplate
{
    private const int Widest = 100;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes it.</summary>
    public static string Write(InitAnswers answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        var text = new StringBuilder(Workspaces(answers));
        foreach (var (key, variable) in answers.MoreOfWorkspace)
        {
            text.Append($"    {key}: ${{{variable}}}\n");
        }

        text.Append(Syncs(answers));
        AppendTables(text, TableList.Read(answers.Tables, new ValidationErrors()));
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static string Workspaces(InitAnswers answers) => $$"""
        # yaml-language-server: $schema=./{{PipelineSchema.FileName}}
        # A pipeline of Sluice: 'sluice validate' checks it, 'sluice run' runs it, 'sluice run --dry-run' tells what that costs.
        version: 1

        # The workspaces of Customer.io. Keys stay out of this file: ${NAME} is read from the environment or from a file .env in the current folder.
        workspaces:
          {{answers.Workspace}}:
            app_api_key: ${{{answers.KeyVariable}}}
            region: {{answers.Region}}

        """;

    private static string Syncs(InitAnswers answers) => $$"""
          # shop:                          # a second workspace: its rows come into the same tables, with the column workspace
          #   app_api_key: ${SHOP_APP_API_KEY}

        # Where to. A password belongs into a variable, too.
        destinations:
          warehouse: {{Quoted(answers.Destination)}}

        # What is read, and how it is written. 'sluice tables NAME' tells of each table's columns and options.
        syncs:
          daily:
            schema: {{DestinationName.DefaultSchema}}
            # table_prefix: cio_
            # mode: incremental              # or full_refresh, append; by default each table has its own
            # cutoff_days: 30                # how far back opens and clicks of deliveries are looked for again
            # mask: [email:sha256]           # hidden before it is stored anywhere
            {{(answers.Schedule is { } schedule ? $"schedule: {schedule}" : "# schedule: {cron: \"0 6 * * *\", time_zone: America/Los_Angeles}")}}
            tables:

        """;

    private static void AppendTables(StringBuilder text, IReadOnlyList<TableName> chosen)
    {
        foreach (var name in chosen)
        {
            text.Append(Line("      - ", name));
        }

        var others = ResourceCatalog.Default.Resources.Where(resource => !chosen.Any(name => name.Resource == resource.Name)).ToList();
        if (others.Count > 0)
        {
            text.Append("\n      # There are also, some of them with a request for each campaign or person:\n");
        }

        foreach (var resource in others)
        {
            text.Append(Line("      # - ", new TableName(resource.Name, resource.TakesPeriod ? MetricsPeriod.Days : null)));
        }
    }

    private static string Line(string start, TableName name)
    {
        var doc = ResourceCatalog.Default.Find(name.Resource)!.Doc;
        var end = ClauseEnd().Match(doc);
        var brief = end.Success ? doc[..end.Index] : doc;
        return $"{start + Entry(name),-44} # {(brief.Length > Widest ? brief[..Widest] : brief)}\n";
    }

    // The times of deliveries are what questions are asked of: columns of their own need no JSON.
    private static string Entry(TableName name) =>
        ResourceCatalog.Default.Find(name.Resource)!.Flatten is { Columns.Count: > 0 } rule ? $"{name}: {{flatten: {rule.Field}}}" : name.ToString();

    [GeneratedRegex("[.:,;]( |$)", RegexOptions.NonBacktracking)]
    private static partial Regex ClauseEnd();

    // Text that YAML does or could parse as something else is quoted.
    private static string Quoted(string text) =>
        Plain().IsMatch(text) ? text : JsonSerializer.Serialize(text, Readable);

    [GeneratedRegex("^([A-Za-z][A-Za-z0-9_./:?&=@%+-]*[A-Za-z0-9_/]|\\$\\{[A-Za-z0-9_]+\\})$", RegexOptions.NonBacktracking)]
    private static partial Regex Plain();
}

/// <summary>The content of a new pipeline file.</summary>
/// <param name="Workspace">The name of the workspace.</param>
/// <param name="Region">us or eu.</param>
/// <param name="KeyVariable">The variable that holds the App API key.</param>
/// <param name="Destination">The address of the destination, or a variable that holds it.</param>
/// <param name="Tables">What is read, as --source-table takes it.</param>
public sealed record InitAnswers(string Workspace, string Region, string KeyVariable, string Destination, string Tables)
{
    /// <summary>Other settings of the workspace, by key, with the variables that hold them.</summary>
    public IReadOnlyList<(string Key, string Variable)> MoreOfWorkspace { get; init; } = [];

    /// <summary>When the sync is due, as the file writes it; null for a line that shows how that is written.</summary>
    public string? Schedule { get; init; }
}
