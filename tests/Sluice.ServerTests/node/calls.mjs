// Runs a list of calls one after another and tells what came of each, and which of the client's methods were left out.
export async function run(client, calls) {
  const results = {};
  const failures = [];
  for (const [name, ...args] of calls) {
    try {
      const given = await Promise.all(args.map((arg) => (typeof arg === 'function' ? arg(results) : arg)));
      (results[name] ??= []).push(await client[name](...given));
    } catch (error) {
      failures.push({ name, error: `${error.statusCode ?? ''} ${error.message} ${error.body ?? ''}`.trim() });
    }
  }

  const offered = Object.getOwnPropertyNames(Object.getPrototypeOf(client)).filter((name) => !['constructor', 'resourceBase'].includes(name));
  const called = new Set(calls.map(([name]) => name));
  const missing = offered.filter((name) => !called.has(name));
  console.log(JSON.stringify({ offered: offered.length, missing, failures, results }));
}
