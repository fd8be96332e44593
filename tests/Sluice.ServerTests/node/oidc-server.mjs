// An identity provider that other people wrote, with three people and the forms that it has for development.
// node oidc-server.mjs PORT REDIRECT_URI
import Provider from "oidc-provider";

const [port, redirect] = process.argv.slice(2);
const people = {
  ada: { email: "ada@example.com", email_verified: true, groups: ["data-admins", "others"] },
  grace: { email: "grace@example.com", email_verified: true, groups: [] },
  mallory: { email: "grace@example.com", email_verified: false, groups: ["others"] },
};

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "sluice", client_secret: "oidc-client-secret", redirect_uris: [redirect] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["groups"] },
  findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id, ...people[id] }) }),
  pkce: { required: () => true },
});

provider.listen(Number(port), "127.0.0.1", () => console.log(`ready on ${port}`));
