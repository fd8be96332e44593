using System.Xml.Linq;
using Dapper;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Sluice.Server.Control;

namespace Sluice.Server.Secrets;

/// <summary>The keys of cookies and forms, sealed in the control database: so that a login on one node is good on the others.</summary>
internal sealed class SealedKeyRing(ControlDatabase control, Seal seal) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = control.Connect();
        var rows = connection.Query<(string Name, string Sealed)>("SELECT name, sealed FROM data_protection_keys ORDER BY name");
        // What another key has sealed is nobody's: sessions under it have ended.
        return [.. rows.Select(row => seal.Open(row.Sealed, Purpose(row.Name))).OfType<string>().Select(XElement.Parse)];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var connection = control.Connect();
        var text = element.ToString(SaveOptions.DisableFormatting);
        connection.Execute(
            "INSERT INTO data_protection_keys (name, sealed) VALUES (@Name, @Sealed)",
            new { Name = friendlyName, Sealed = seal.Close(text, Purpose(friendlyName)) });
    }

    private static string Purpose(string name) => $"data protection key {name}";
}
