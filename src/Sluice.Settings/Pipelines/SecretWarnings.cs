using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines;

/// <summary>Finds keys and passwords that stand in the file itself: they work, but git keeps them for ever.</summary>
internal sealed class SecretWarnings(PipelineErrors mistakes)
{
    /// <summary>Looks at all places that may hold a secret, and keeps what is there out of all messages.</summary>
    public void Look(YamlMap root)
    {
        Each(root, "workspaces", (name, value) => LookAtKeys(value, WorkspaceSettings.All, name.ToUpperInvariant().Replace('-', '_') + "_"));
        Each(root, "syncs", (_, value) => LookAtKeys(value, PipelineKeys.Sync, "SLUICE_"));
        Each(root, "notifications", LookAtChannel);
        Each(root, "destinations", (name, value) => LookAtAddress(name, value is YamlMap map ? map.Find("uri")?.Value : value));
    }

    private void LookAtChannel(string name, YamlValue value)
    {
        LookAtKeys(value, NotificationKeys.All, name.ToUpperInvariant().Replace('-', '_') + "_");
        LookAtAddress(name, (value as YamlMap)?.Find("smtp")?.Value);
        LookAtAddress(name, (value as YamlMap)?.Find(NotificationKeys.Webhook)?.Value);
    }

    private static void Each(YamlMap root, string section, Action<string, YamlValue> look)
    {
        foreach (var entry in (root.Find(section)?.Value as YamlMap)?.Entries ?? [])
        {
            look(entry.Name, entry.Value);
        }
    }

    private void LookAtKeys(YamlValue value, IReadOnlyList<Setting> keys, string prefix)
    {
        foreach (var key in keys.Where(key => key.IsSecret))
        {
            if ((value as YamlMap)?.Find(key.Name)?.Value is not YamlText { IsNull: false } text)
            {
                continue;
            }

            if (text.Raw.Contains("${", StringComparison.Ordinal))
            {
                mistakes.Hide(text.Value, text.Raw);
            }
            else
            {
                mistakes.Hide(text.Raw, "***");
                Warn(
                    text,
                    $"{key.Name} stands in the file, where everybody finds it who may read the repository.",
                    prefix + key.Name.ToUpperInvariant());
            }
        }
    }

    private void LookAtAddress(string name, YamlValue? value)
    {
        if (
            value is YamlText { IsNull: false } text
            && DestinationAddress.FindPassword(text.Raw) is { } password
            && !password.Contains("${", StringComparison.Ordinal))
        {
            mistakes.Hide(password, "***");
            Warn(
                text,
                $"The address of {name} has a password in it, where everybody finds it who may read the repository.",
                $"{name.ToUpperInvariant().Replace('-', '_')}_PASSWORD");
        }
    }

    private void Warn(YamlText text, string message, string variable) =>
        mistakes.WarnOfSecret(text.Place, message, $"Put it into the environment or a file .env that git ignores, and write ${{{variable}}} here.");
}
