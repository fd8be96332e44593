// sbom.mjs --version V --commit C --epoch SECONDS --spdx FILE --notices FILE --lock=FOLDER...: what the binaries are made of, by the lock file that is
// in the repository: a bill of materials (SPDX 2.3) and the notices of others, by the licence data that each package carries itself. A FOLDER is what a
// binary was built in: packages there that are not those of the lock file are an error.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values: said } = parseArgs({
  options: {
    version: { type: "string" },
    commit: { type: "string" },
    epoch: { type: "string" },
    spdx: { type: "string" },
    notices: { type: "string" },
    lock: { type: "string", multiple: true, default: [] },
  },
});

const cache = process.env.NUGET_PACKAGES ?? join(homedir(), ".nuget", "packages");
const json = (file) => JSON.parse(readFileSync(file, "utf8"));

// Analyzers look at the sources and are in no binary; the SDK adds one of its own for single files.
const analyzers = new Set([
  "Microsoft.NET.ILLink.Tasks",
  ...[...readFileSync("Directory.Build.props", "utf8").matchAll(/<PackageReference Include="([^"]+)" PrivateAssets="all"/g)].map(([, name]) => name),
]);

function packagesOf(lockFile) {
  const found = new Map();
  for (const target of Object.values(json(lockFile).dependencies)) {
    for (const [name, entry] of Object.entries(target)) {
      if (entry.type !== "Project" && !analyzers.has(name)) {
        found.set(name, { name, version: entry.resolved, needs: Object.keys(entry.dependencies ?? {}) });
      }
    }
  }
  return found;
}

const packages = packagesOf("src/Sluice.Cli/packages.lock.json");
const runtimes = new Map();
for (const folder of said.lock) {
  const system = folder.slice(folder.indexOf("artifacts-") + "artifacts-".length);
  const built = join(folder, "obj", "Sluice.Cli");
  for (const { name, version } of packagesOf(join(built, `packages.${system}.lock.json`)).values()) {
    if (packages.get(name)?.version !== version) {
      throw new Error(`The binary for ${system} has ${name} ${version}, the lock file ${packages.get(name)?.version ?? "has none"}.`);
    }
  }
  for (const framework of Object.values(json(join(built, "project.assets.json")).project.frameworks)) {
    for (const { name, version } of framework.downloadDependencies ?? []) {
      if (name.includes(".App.Runtime.")) runtimes.set(name, { name, version: version.match(/[\d.]+[^,\] ]*/)[0], needs: [] });
    }
  }
}

const all = [...packages.values(), ...runtimes.values()].sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
const unescape = (text) =>
  text.replace(/&(lt|gt|quot|apos|amp|#x[\da-f]+|#\d+);/gi, (_, entity) =>
    ({ lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" })[entity]
    ?? String.fromCodePoint(entity[1] === "x" ? parseInt(entity.slice(2), 16) : Number(entity.slice(1))));

// What a package says of itself in its nuspec, and the files with terms that it brings.
for (const one of all) {
  const folder = join(cache, one.name.toLowerCase(), one.version.toLowerCase());
  const nuspec = readFileSync(join(folder, `${one.name.toLowerCase()}.nuspec`), "utf8");
  const element = (name) => nuspec.match(new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`))?.[1].trim();
  const [, type, terms] = nuspec.match(/<license type="(\w+)"[^>]*>([^<]*)<\/license>/) ?? [];
  one.licence = type === "expression" ? terms.trim() : undefined;
  one.licenceUrl = type ? undefined : element("licenseUrl");
  one.copyright = unescape(element("copyright") ?? "");
  one.authors = unescape(element("authors") ?? "");
  one.project = element("projectUrl");
  one.terms = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|third-?party-?notices?)(\.(txt|md))?$/i.test(file) || file === terms)
    .map((file) => readFileSync(join(folder, file), "utf8").replace(/\r\n?/g, "\n").trim());
  const sum = join(folder, `${one.name.toLowerCase()}.${one.version.toLowerCase()}.nupkg.sha512`);
  one.sha512 = existsSync(sum) ? Buffer.from(readFileSync(sum, "utf8").trim(), "base64").toString("hex") : undefined;
}

const without = all.filter((one) => !one.licence && !one.licenceUrl && one.terms.length === 0);
if (without.length > 0) throw new Error(`No licence is told by ${without.map((one) => one.name).join(", ")}: look before it is shipped.`);

const idOf = (one) => `SPDXRef-${`${one.name}-${one.version}`.replace(/[^A-Za-z0-9.-]/g, "-")}`;
const refOf = (one) => `LicenseRef-${one.name.replace(/[^A-Za-z0-9.-]/g, "-")}`;

const spdx = {
  spdxVersion: "SPDX-2.3",
  dataLicense: "CC0-1.0",
  SPDXID: "SPDXRef-DOCUMENT",
  name: `sluice-${said.version}`,
  documentNamespace: `https://spdx.org/spdxdocs/sluice-${said.version}-${said.commit}`,
  creationInfo: { created: new Date(Number(said.epoch) * 1000).toISOString().replace(".000", ""), creators: ["Tool: sluice-build-sbom"] },
  packages: [
    {
      SPDXID: "SPDXRef-sluice",
      name: "sluice",
      versionInfo: `${said.version}+${said.commit}`,
      downloadLocation: "NOASSERTION",
      filesAnalyzed: false,
      licenseConcluded: "MIT",
      licenseDeclared: "MIT",
      copyrightText: readFileSync("LICENSE", "utf8").match(/^Copyright .*$/m)[0],
      primaryPackagePurpose: "APPLICATION",
    },
    ...all.map((one) => ({
      SPDXID: idOf(one),
      name: one.name,
      versionInfo: one.version,
      downloadLocation: `https://api.nuget.org/v3-flatcontainer/${one.name.toLowerCase()}/${one.version.toLowerCase()}/`
        + `${one.name.toLowerCase()}.${one.version.toLowerCase()}.nupkg`,
      filesAnalyzed: false,
      ...(one.sha512 ? { checksums: [{ algorithm: "SHA512", checksumValue: one.sha512 }] } : {}),
      licenseConcluded: "NOASSERTION",
      licenseDeclared: one.licence ?? (one.terms.length > 0 ? refOf(one) : "NOASSERTION"),
      ...(one.licenceUrl ? { licenseComments: `The package names ${one.licenceUrl}` } : {}),
      copyrightText: one.copyright || "NOASSERTION",
      ...(one.authors ? { originator: `Organization: ${one.authors}` } : {}),
      externalRefs: [{ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: `pkg:nuget/${one.name}@${one.version}` }],
    })),
  ],
  hasExtractedLicensingInfos: all
    .filter((one) => !one.licence && one.terms.length > 0)
    .map((one) => ({ licenseId: refOf(one), name: `Terms of ${one.name}`, extractedText: one.terms.join("\n\n") })),
  relationships: [
    { spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES", relatedSpdxElement: "SPDXRef-sluice" },
    ...all.map((one) => ({ spdxElementId: "SPDXRef-sluice", relationshipType: "CONTAINS", relatedSpdxElement: idOf(one) })),
    ...all.flatMap((one) =>
      one.needs.flatMap((name) => packages.get(name) ?? []).map((need) => (
        { spdxElementId: idOf(one), relationshipType: "DEPENDS_ON", relatedSpdxElement: idOf(need) }))),
  ],
};
writeFileSync(said.spdx, JSON.stringify(spdx, null, 1) + "\n");

// A text that several packages bring stands there once, behind all of them.
const texts = new Map();
for (const one of all) {
  for (const text of one.terms) {
    const key = createHash("sha256").update(text).digest("hex");
    texts.set(key, { text, of: [...(texts.get(key)?.of ?? []), one.name] });
  }
}

const line = "-".repeat(80);
writeFileSync(
  said.notices,
  [
    `Sluice ${said.version} contains the following software of others. What stands here is what each package says of itself;`,
    "the text of a licence that is named by its SPDX id is at https://spdx.org/licenses/ID.html.\n",
    ...all.map((one) =>
      [`${one.name} ${one.version}`, one.licence ?? one.licenceUrl ?? "see below", one.copyright || `by ${one.authors}`, one.project]
        .filter(Boolean).map((part, place) => (place === 0 ? part : `  ${part}`)).join("\n")),
    ...[...texts.values()].map(({ text, of }) => `\n${line}\n${of.join(", ")}\n${line}\n\n${text}`),
    "",
  ].join("\n"),
);
console.log(`${all.length} packages, ${texts.size} texts of licences and notices`);
