using System.Globalization;
using System.Text.Json;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>A response with the metric series of one parent or part, in the vendor's present form or the one before.</summary>
internal sealed class SeriesAnswer(ApiCall call, DeliverySelection selection, MetricPeriod period)
{
    private static readonly string[] Untracked =
        ["replied", "link_untracked", "open_untracked", "untracked", "tracking_consent_denied", "tracking_consent_granted"];

    /// <summary>The channels that can be asked about.</summary>
    public required IReadOnlyCollection<string> Types { get; init; }

    /// <summary>The channel that is named beside the series, or null.</summary>
    public string? ShownType { get; init; }

    /// <summary>The campaign or broadcast whose action this is, or null.</summary>
    public Journey? Journey { get; init; }

    private bool IsEarlier => call.World.Options.HasEarlierForm;

    // Its reference was not read again: it stays as it was.
    private bool IsTransactional => selection.Kind == ParentKind.Transactional;

    public void Write()
    {
        var type = IsEarlier ? call.Query["type"] : call.OneOf("type", Types);
        call.Object(writer =>
        {
            if (!IsEarlier)
            {
                period.Write(writer);
            }

            writer.WriteStartObject("metric");
            if (ShownType is not null)
            {
                writer.WriteString("type", ShownType);
            }

            WriteSeries(writer, Count(selection, type));
            writer.WriteEndObject();
            if (!IsEarlier)
            {
                WriteLanguages(writer, type);
            }
        });
    }

    private MetricSeries Count(DeliverySelection parent, string? type) => MetricSeries.Of(call.World, parent, type, period.Boundaries, call.Now);

    private void WriteSeries(Utf8JsonWriter writer, MetricSeries series)
    {
        writer.WriteStartObject("series");
        foreach (var metric in MetricNames.InSeries)
        {
            var isRenamed = metric == Metric.PrefetchClicked && !IsEarlier && !IsTransactional;
            MetricRoutes.WriteArray(writer, isRenamed ? "machine_clicked" : MetricNames.Of(metric), series.Counts[(int)metric]);
        }

        if (!IsTransactional)
        {
            WriteForm(writer, series);
        }

        writer.WriteEndObject();
    }

    private void WriteForm(Utf8JsonWriter writer, MetricSeries series)
    {
        for (var response = 0; IsEarlier && response < 4; response++)
        {
            MetricRoutes.WriteArray(writer, $"{response + 2}xx", series.Responses[response]);
        }

        for (var place = 0; !IsEarlier && place < Untracked.Length; place++)
        {
            MetricRoutes.WriteArray(writer, Untracked[place], series.Untracked[place]);
        }
    }

    // A message with other languages is the parent of their actions; it holds the default one itself.
    private void WriteLanguages(Utf8JsonWriter writer, string? type)
    {
        var variants = Journey?.Parts.Where(part => part.ParentActionId == selection.PartId).ToList() ?? [];
        if (variants.Count == 0 || Journey!.Parts.TrueForAll(part => part.Id != selection.PartId))
        {
            return;
        }

        writer.WriteStartObject("language_variants");
        WriteLanguage(writer, selection.PartId!.Value, "", type);
        foreach (var variant in variants)
        {
            WriteLanguage(writer, variant.Id, Journey.Actions.Find(variant.Id)?["language"]?.GetValue<string>() ?? "", type);
        }

        writer.WriteEndObject();
    }

    private void WriteLanguage(Utf8JsonWriter writer, int action, string language, string? type)
    {
        writer.WriteStartObject(action.ToString(CultureInfo.InvariantCulture));
        writer.WriteBoolean("default", action == selection.PartId);
        writer.WriteString("language", language);
        WriteSeries(writer, Count(selection with { PartId = action }, type));
        writer.WriteEndObject();
    }
}
