using System.Text.Json.Nodes;

namespace Sluice.Simulator.AppApi;

/// <summary>An action as the API shows it.</summary>
internal static class ActionJson
{
    /// <summary>SMS and WhatsApp messages come with a blank recipient when theirs is liquid: writing back what was read would stop them.</summary>
    public static JsonObject Of(JsonObject action)
    {
        if (
            ContentEdit.Type(action) is not ("twilio" or "whatsapp")
            || action["recipient"]?.GetValue<string>().Contains("{{", StringComparison.Ordinal) != true)
        {
            return action;
        }

        var shown = (JsonObject)action.DeepClone();
        shown["recipient"] = "";
        return shown;
    }
}
