/** `writ sidecar`: a file that is not whole sets up nothing, and what is printed is for the gateway that the file names. */
import { describe, expect, test } from "vitest";
import { codesIn, writ } from "./run.ts";

const good = {
  protocol: "nginx",
  listen: "127.0.0.1:9180",
  secret: "sidecar.secret",
  gateway: { root: "root.json", url: "https://policies.example.com" },
  issuers: [{ issuer: "https://id.example.com", algorithms: ["ES256"], keys: "https://id.example.com/jwks" }],
  upstreamHeaders: ["x-caller"],
};
const secret = "a-secret-that-only-tests-know-0123456789";

const printed = (config: object | string, line = "", text = secret) =>
  writ(`sidecar --config sidecar.json --print${line}`, {
    "sidecar.json": typeof config === "string" ? config : JSON.stringify(config),
    "sidecar.secret": text,
  });

const issuer = good.issuers[0]!;
const gateway = good.gateway;

describe("a file that is refused, and the place that is named", () => {
  test.each<[string, object | string]>([
    ["the file", "{"],
    ["the file", "[]"],
    ["protocol", { ...good, protocol: "apache" }],
    ["upstreamheaders", { ...good, upstreamheaders: [] }],
    ["gateway.root", { ...good, gateway: { url: "https://policies.example.com" } }],
    ["gateway.insecureHttp", { ...good, gateway: { ...gateway, insecureHttp: "yes" } }],
    ["gateway.ring", { ...good, gateway: { ...gateway, ring: "all" } }],
    ["gateway.url", { ...good, gateway: { ...gateway, url: [] } }],
    ["issuers", { ...good, issuers: [] }],
    ["issuers.0.algorithms.0", { ...good, issuers: [{ ...issuer, algorithms: ["HS256"] }] }],
    ["issuers.0.algorithms.1", { ...good, issuers: [{ ...issuer, algorithms: ["ES256", "none"] }] }],
    ["issuers.0.keys", { ...good, issuers: [{ ...issuer, keys: "http://id.example.com/jwks" }] }],
    ["issuers.0.keys", { ...good, issuers: [{ ...issuer, keys: "ftp://id.example.com/jwks" }] }],
    ["issuers.1.issuer", { ...good, issuers: [issuer, issuer] }],
    ["upstreamHeaders.0", { ...good, upstreamHeaders: ["X-Caller"] }],
    ["upstreamHeaders.0", { ...good, upstreamHeaders: ["x_caller"] }],
    ["upstreamHeaders.0", { ...good, upstreamHeaders: ["x-caller; }"] }],
    ["upstreamHeaders.0", { ...good, upstreamHeaders: ["authorization"] }],
    ["upstreamHeaders.0", { ...good, upstreamHeaders: ["x-writ-answer"] }],
    ["upstreamHeaders.0", { ...good, upstreamHeaders: ["x-original-url"] }],
    ["upstreamHeaders.1", { ...good, upstreamHeaders: ["x-caller", "x-caller"] }],
    ["facts.0", { ...good, facts: ["everything"] }],
  ])("%s", async (place, config) => {
    const { exit, stdout, stderr } = await printed(config);
    expect([exit, stdout, codesIn(stderr)]).toEqual([2, "", ["WRIT9401"]]);
    expect(stderr).toContain(`\`${place}\``);
  });

  test.each([
    "0.0.0.0:9180",
    "[::]:9180",
    "192.0.2.1:9180",
    "localhost:9180",
    ":9180",
    "127.0.0.1",
    "unix:sidecar.sock",
    "unix:/a b",
    "127.0.0.1:99999",
    "127.0.0.1.example.com:80",
  ])("Q14 no place where others can ask: %s", async (listen) => {
    const { exit, stderr } = await printed({ ...good, listen });
    expect([exit, codesIn(stderr)]).toEqual([2, ["WRIT9401"]]);
  });

  test.each(["", "short", `${secret}"; }`, `${secret} ${secret}`, "a".repeat(300)])(
    "a secret that anybody guesses, or that needs quotes: %j",
    async (text) => {
      const { exit, stderr } = await printed(good, "", text);
      expect([exit, codesIn(stderr)]).toEqual([2, ["WRIT9401"]]);
      expect(text === "" || !stderr.includes(text)).toBe(true);
    },
  );

  test.each([" --upstream nowhere", " --front 8080", " --upstream 127.0.0.1:80;", " --upstream a.example:70000"])(
    "an address that is none:%s",
    async (line) => {
      const { exit, stderr } = await printed(good, line);
      expect([exit, codesIn(stderr)]).toEqual([2, ["WRIT9401"]]);
    },
  );
});

describe("what is printed", () => {
  test("holds no secret but two words that are made from it", async () => {
    for (const protocol of ["nginx", "envoy"]) {
      const { exit, stdout } = await printed({ ...good, protocol });
      expect([exit, stdout.includes(secret), new Set(stdout.match(/\b[0-9a-f]{64}\b/g)).size]).toEqual([0, false, 2]);
    }
  });

  test("keeps headers of decisions apart from what decides", async () => {
    const { stdout } = await printed({ ...good, upstreamHeaders: ["answer", "reason", "upstream"] });
    const set = [...stdout.matchAll(/auth_request_set (\$\w+)/g)].map(([, name]) => name);
    expect(new Set(set).size).toBe(5);
    expect(stdout.match(/\$writ_answer\b/g)).toHaveLength(2);
  });

  test("is for the place where the sidecar listens, and for what is protected", async () => {
    const { stdout } = await printed(
      { ...good, listen: "unix:/run/writ/s.sock" },
      " --front [::1]:81 --upstream a.example:82",
    );
    for (const line of ["server unix:/run/writ/s.sock;", "listen [::1]:81;", "server a.example:82;"])
      expect(stdout).toContain(line);
    const envoy = await printed({ ...good, protocol: "envoy", listen: "[::1]:9180" }, " --upstream a.example:82");
    const { clusters } = JSON.parse(envoy.stdout.replaceAll(/^#.*$/gm, "")).static_resources;
    expect(clusters).toMatchObject([{ type: "STRICT_DNS" }, { type: "STATIC" }]);
    expect(JSON.stringify(clusters[1])).toContain('"address":"::1","port_value":9180');
  });

  test("for Envoy fails closed, and takes away before it asks and after", async () => {
    const { stdout } = await printed({ ...good, protocol: "envoy" });
    const configuration = JSON.parse(stdout.replaceAll(/^#.*$/gm, ""));
    const manager = configuration.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
    const [first, second, third, fourth, last] = manager.http_filters;
    expect([first, second, third, fourth, last].map(({ name }) => name)).toEqual([
      "writ.from_client",
      "writ.ext_authz",
      "writ.only_ours",
      "writ.to_upstream",
      "envoy.filters.http.router",
    ]);
    expect(second.typed_config).toMatchObject({
      failure_mode_allow: false,
      status_on_error: { code: "Forbidden" },
      http_service: { server_uri: { timeout: "0.2s" } },
    });
    const removed = first.typed_config.mutations.request_mutations.map(({ remove }: { remove?: string }) => remove);
    expect(removed).toEqual(expect.arrayContaining(["x-writ-answer", "x-caller", "x-http-method-override"]));
  });
});
