namespace Sluice.Sql.Fetching;

/// <summary>Rows of earlier queries, by what was asked for.</summary>
internal sealed class FragmentCache
{
    public bool Has(Reading reading) => false;

    public Fragment? Take(Reading reading, string folder) => null;

    public void Keep(Fragment fragment)
    {
    }
}
