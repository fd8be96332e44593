namespace Sluice.Engine.Catalog;

/// <summary>What is taken out of a value before it is stored.</summary>
public enum RedactionRule
{
    /// <summary>Of a URL, the user name and password and the values of the query parameters; the rest stays.</summary>
    UrlSecrets,
}
