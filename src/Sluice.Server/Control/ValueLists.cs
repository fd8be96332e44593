using System.Data.Common;
using System.Text.RegularExpressions;
using Npgsql;

namespace Sluice.Server.Control;

/// <summary>Conditions on lists of values, <c>name IN @Names</c>, as each database takes them.</summary>
internal static partial class ValueLists
{
    /// <summary>A statement for a connection: SQLite gets each value, PostgreSQL an array, which <c>IN</c> does not take.</summary>
    public static string In(this DbConnection connection, string sql) =>
        connection is NpgsqlConnection ? List().Replace(sql, "= ANY(@$1)") : sql;

    [GeneratedRegex(@"\bIN @(\w+)", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex List();
}
