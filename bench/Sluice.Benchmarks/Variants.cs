using System.Diagnostics;
using Sluice.DuckDb;
namespace Sluice.Benchmarks;

internal static class Variants
{
    public static int Run(string file)
    {
        var f = DuckDBLiteral.Quote(file);
        string Sel(string ident, string cio, string cols) => $$"""
SELECT id, deduplicate_id, type, customer_id, {{cio}} AS cio_id, {{ident}} AS customer_identifiers, recipient, subject, make_timestamptz(nullif(created,0)*1000000) AS created, metrics, failure_message, campaign_id, action_id, parent_action_id, broadcast_id, newsletter_id, content_id, msg_template_id, trigger_event_id, forgotten, NULL::JSON AS tracked_responses, now() AS at, 'x' AS run
FROM read_json({{f}}, format='newline_delimited', columns={'id': 'VARCHAR', 'deduplicate_id': 'VARCHAR', 'type': 'VARCHAR', 'customer_id': 'VARCHAR', {{cols}} 'recipient': 'VARCHAR', 'subject': 'VARCHAR', 'created': 'BIGINT', 'metrics': 'JSON', 'failure_message': 'VARCHAR', 'campaign_id': 'BIGINT', 'action_id': 'BIGINT', 'parent_action_id': 'BIGINT', 'broadcast_id': 'BIGINT', 'newsletter_id': 'BIGINT', 'content_id': 'BIGINT', 'msg_template_id': 'BIGINT', 'trigger_event_id': 'VARCHAR', 'forgotten': 'BOOLEAN'}, maximum_object_size=1048576)
""";
        var asIs = Sel("customer_identifiers", "customer_identifiers->>'/cio_id'", "'customer_identifiers': 'JSON',");
        var noCio = Sel("customer_identifiers", "NULL::VARCHAR", "'customer_identifiers': 'JSON',");
        var strct = Sel("customer_identifiers", "customer_identifiers.cio_id", "'customer_identifiers': 'STRUCT(id VARCHAR, email VARCHAR, cio_id VARCHAR)',");
        var strJson = Sel("to_json(customer_identifiers)", "customer_identifiers.cio_id", "'customer_identifiers': 'STRUCT(id VARCHAR, email VARCHAR, cio_id VARCHAR)',");
        var none = Sel("NULL::JSON", "NULL::VARCHAR", "");
        (string, string, string)[] list = [
            ("auto", "", $"SELECT * FROM read_json({f})"),
            ("as is", "", asIs), ("as is 160MB", "SET memory_limit='160MB'", asIs), ("no order", "SET preserve_insertion_order=false", asIs), ("no order 160", "SET preserve_insertion_order=false;SET memory_limit='160MB'", asIs),
            ("noCio", "", noCio), ("struct", "", strct), ("strjson", "", strJson), ("none", "", none), ("no fsst", "SET force_compression='uncompressed'", asIs), ("zstd", "SET force_compression='zstd'", asIs)];
        foreach (var (name, set, sql) in list)
        {
            foreach (var mem in (string[])["mem", "file"])
            {
                var best = (999.0, 999.0);
                for (var i = 0; i < 3; i++)
                {
                    var db = mem == "mem" ? ":memory:" : Path.GetTempFileName() + ".db";
                    var c0 = Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds; var t = Stopwatch.StartNew();
                    using (var c = new DuckDBConnection($"Data Source={db}")) { c.Open(); using var cmd = c.CreateCommand(); cmd.CommandText = (set == "" ? "" : set + ";") + "CREATE TABLE t AS " + sql; cmd.ExecuteNonQuery(); }
                    var r = (t.Elapsed.TotalSeconds, Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds - c0);
                    if (r.Item2 < best.Item2) best = r;
                    if (mem != "mem") File.Delete(db);
                }
                Console.WriteLine($"{name,-15} {mem,-5} wall {best.Item1:F2} cpu {best.Item2:F2}");
            }
        }
        return 0;
    }
}
